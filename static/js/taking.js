/* Another list in the place of this one, without a reload: the page of its URL is asked for and morphed into this one, so focus,
   caret, ticks and open menus stay. For what is typed ("board:take"), for the way back, and for the pill of news. */
let asking, shown = location.search;

// `last` is the search whose results stay while what is typed cannot be read. Where it can be, the link needs no other.
function tidy(url) {
  if (!document.querySelector("#q-note[data-unclear]")) url.searchParams.delete("last");
  history.replaceState(null, "", url.pathname + url.search + url.hash);
  shown = location.search;
  document.querySelector("#act [name=next]").value = location.pathname + shown; // where buttons of the page come back to
}

async function take(url, write = () => {}) {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking, target = document.querySelector("main");
  const answer = await fetch(url, { signal, redirect: "manual", headers: { Accept: "text/html" } });
  if (answer.status >= 500) throw new Error(answer.status);
  if (!answer.ok) return location.assign(url); // signed out, or sent on to the one task that is meant
  const text = await answer.text();
  window.htmx.trigger("#board", "htmx:abort"); // its answer would be of the list before
  document.dispatchEvent(new Event("board:taken"));
  write();
  await window.htmx.swap({ text, sourceElement: document.body, target, select: "main", swap: "outerMorph" });
  tidy(url);
}

function trouble({ name, message }) {
  const detail = { kind: "trouble", status: Number(message) };
  if (name !== "AbortError") document.dispatchEvent(new CustomEvent("live:state", { detail }));
}

document.addEventListener("board:take", ({ detail: { url, how } }) => take(url, () => history[how](null, "", url)).catch(trouble));
document.addEventListener("board:drop", () => asking?.abort());
addEventListener("popstate", () => {
  if (location.search === shown) return; // a jump within the page
  document.getElementById("q").value = new URLSearchParams(location.search).get("q") ?? "";
  take(new URL(location)).catch(trouble);
});
document.addEventListener("click", async (event) => {
  const pill = event.target.closest(".news a");
  if (!pill || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await take(new URL(pill.href)).catch(trouble);
  scrollTo(0, 0);
  document.querySelector("[data-task] .name")?.focus({ preventScroll: true }); // the pill that had it is gone
});
if (document.getElementById("search")) tidy(new URL(location));
