/* What the page says about itself: the freshness line when this server does not answer, and the time of the data. */
const TEXTS = {
  trouble: (status) => `${status ? `This server answered ${status}` : "Cannot reach this server"}; what you see is from `,
  "signed-out": () => "You were signed out. ",
  gone: () => "This page can no longer be updated. ",
};
let state = { kind: "fine" };
let fineAt = Date.now();

function link(text, href) {
  const element = document.createElement("a");
  element.className = "accent";
  element.textContent = text;
  element.href = href;
  return element;
}

function tail(place) {
  const here = location.pathname + location.search;
  if (state.kind === "signed-out") return link("Sign in", `${place.dataset.signIn}?next=${encodeURIComponent(here)}`);
  if (state.kind === "gone") return link("Reload", here);
  return new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" }).format(fineAt);
}

function draw() {
  const place = document.querySelector("[data-trouble]");
  if (!place) return;
  const line = place.closest("[data-freshness]");
  const text = state.kind === "fine" ? "" : TEXTS[state.kind](state.status);
  if (line && text) line.dataset.was ??= line.dataset.freshness;
  if (line) line.dataset.freshness = text ? "stopped" : (line.dataset.was ?? line.dataset.freshness);
  if (line && !text) delete line.dataset.was;
  if ((place.dataset.text ?? "") === text) return;
  place.dataset.text = text;
  place.replaceChildren(...(text ? [text, tail(place)] : []));
}

document.addEventListener("live:state", ({ detail }) => {
  state = detail;
  if (detail.kind === "fine") fineAt = Date.now();
  if (detail.asOf) document.querySelectorAll("[data-as-of]").forEach((time) => (time.dateTime = new Date(detail.asOf).toISOString()));
  draw();
});
document.addEventListener("htmx:after:swap", draw);
