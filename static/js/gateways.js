/* "Test from my browser": asks each gateway of a CID for its first byte from here, on a click and never before. What other sites
   may read of an answer is little: its status, its type, the time it took. */
const PATIENCE_MS = 10_000;
const PLAYS = /^(video|audio)\/|octet-stream/;
const refused = new Set(); // addresses that this page's own policy kept us from

const reveal = () => document.querySelectorAll("[data-test-here]").forEach((button) => { button.hidden = false; });
const time = (ms) => (ms < 1000 ? `${Math.round(ms)}\u00a0ms` : `${(ms / 1000).toFixed(1)}\u00a0s`);

function verdict(answer) {
  if (!answer.ok) return `${answer.status}, ${answer.status >= 500 ? "gave up" : "did not serve it"}`;
  const type = (answer.headers.get("Content-Type") ?? "").split(";")[0];
  if (type === "text/html") return "answers with a web page";
  if (!PLAYS.test(type)) return `answers, ${type || "type not told"}`;
  return answer.status === 206 ? "plays, seeks" : "answers, does not seek";
}

async function whyNot(error, url) {
  if (error.name === "TimeoutError") return "gave up after 10\u00a0s";
  await new Promise((later) => setTimeout(later, 50)); // a violation is told after the failure
  if ([...refused].some((address) => url.startsWith(address))) return "blocked: it sends one on to a host that is not in the team’s list";
  return "blocked: it cannot be reached, or lets no other site read its answer (CORS)";
}

async function ask(row) {
  const place = row.querySelector("[data-mine]"), url = row.dataset.gateway, began = performance.now();
  row.hidden = false;
  place.textContent = "Your browser: asking";
  try {
    const answer = await fetch(url, {
      headers: { Range: "bytes=0-0" }, mode: "cors", cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    place.textContent = `Your browser: ${time(performance.now() - began)}, ${verdict(answer)}`;
    await answer.body?.cancel();
  } catch (error) {
    place.textContent = `Your browser: ${await whyNot(error, url)}`;
  }
}

document.addEventListener("securitypolicyviolation", ({ blockedURI }) => refused.add(blockedURI));
document.addEventListener("htmx:after:swap", reveal);
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-test-here]");
  if (!button || button.disabled) return;
  const list = button.closest(".cid").querySelector(".gates");
  list.hidden = false;
  button.disabled = true;
  refused.clear();
  await Promise.all([...list.querySelectorAll("[data-gateway]")].map(ask));
  button.disabled = false;
  document.getElementById("say").textContent = "The gateways were asked";
});
reveal();
