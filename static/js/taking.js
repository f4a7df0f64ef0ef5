/* Another list in the place of this one, without a reload: the page of its URL is asked for and morphed into this one, so focus,
   caret, ticks and open menus stay. For what is typed ("board:take"), for the way back, and for the pill of news. */
let asking, lost; // what the network lost is taken when it is back
let shown = new URL(performance.getEntriesByType("navigation")[0]?.name ?? location).search; // somebody may have gone back since

// `last` is the search whose results stay while what is typed cannot be read. Where it can be, the link needs no other.
function tidy(url) {
  if (!document.querySelector("#q-note[data-unclear]")) url.searchParams.delete("last");
  history.replaceState(null, "", url.pathname + url.search + url.hash);
  shown = location.search;
  document.querySelector("#act [name=next]").value = location.pathname + shown; // where buttons of the page come back to
}

const drop = () => { asking?.abort(); lost = null; };

async function fetched(url, write = () => {}) {
  drop();
  asking = new AbortController();
  const { signal } = asking, target = document.querySelector("main");
  const answer = await fetch(url, { signal, redirect: "manual", headers: { Accept: "text/html" } });
  if (answer.status >= 500) throw new Error(answer.status);
  if (!answer.ok) return location.assign(url); // signed out, or sent on to the one task that is meant
  const text = await answer.text();
  window.htmx.trigger("main > [hx-trigger]", "htmx:abort"); // its answer would be of the list before
  for (const row of document.querySelectorAll(".f-exp [open]")) row.open = false; // and so is what it shows
  document.dispatchEvent(new Event("board:taken"));
  write();
  await window.htmx.swap({ text, sourceElement: document.body, target, select: "main", swap: "outerMorph" });
  tidy(url);
}

const take = (...wanted) => fetched(...wanted).catch(({ name, message }) => {
  if (name === "AbortError") return;
  lost = wanted;
  document.dispatchEvent(new CustomEvent("live:state", { detail: { kind: "trouble", status: Number(message) } }));
});
const again = () => lost && take(...lost);

document.addEventListener("board:take", ({ detail: { url, how } }) => take(url, () => history[how](null, "", url)));
document.addEventListener("board:drop", drop);
document.addEventListener("live:state", ({ detail }) => detail.kind === "fine" && again());
addEventListener("online", again);
function follow() {
  const box = document.getElementById("q");
  if (!box) return;
  if (location.search === shown) return tidy(new URL(location)); // a jump within the page
  box.value = new URLSearchParams(location.search).get("q") ?? "";
  take(new URL(location));
}

addEventListener("popstate", follow);
document.addEventListener("click", async (event) => {
  const pill = event.target.closest(".news a");
  if (!pill || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  await take(new URL(pill.href));
  scrollTo(0, 0);
  document.querySelector("tr:is([data-task], [data-group]) .name")?.focus({ preventScroll: true }); // the pill that had it is gone
});
follow();
