/* Search as one types: a moment after the last key the list is asked for, and the URL follows. A burst of typing is one step
   back. Enter sends the form as it is. */
const PAUSE_MS = 300, UNFINISHED_MS = 1000;
const form = () => document.getElementById("search");
const box = () => document.getElementById("q");
const shown = () => new URLSearchParams(location.search).get("q") ?? "";
let timer, isBurst = false;

function wanted() {
  const url = new URL(form().action);
  for (const [name, value] of new FormData(form())) if (value.trim()) url.searchParams.append(name, value);
  return url;
}

function look() {
  if (box().value === shown()) return document.dispatchEvent(new Event("board:drop"));
  const how = isBurst ? "replaceState" : "pushState";
  isBurst = true;
  document.dispatchEvent(new CustomEvent("board:take", { detail: { url: wanted(), how } }));
}

// What is wanted, the other quotation mark or the parenthesis is still to come: it is no error yet.
const isUnfinished = (text) => text.endsWith(":") || text.split('"').length % 2 === 0 || text.split("(").length > text.split(")").length;

document.addEventListener("input", (event) => {
  if (event.target !== box() || event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(look, isUnfinished(box().value) ? UNFINISHED_MS : PAUSE_MS);
});
document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  clearTimeout(timer);
  document.dispatchEvent(new Event("board:drop"));
  if (box().value !== shown()) return;
  event.preventDefault(); // it is here already
  box().blur();
});
document.addEventListener("change", ({ target }) => { if (target === box()) isBurst = false; });
addEventListener("popstate", () => { isBurst = false; });
if (box() && document.activeElement === box()) timer = setTimeout(look, PAUSE_MS); // typed before this script was here
