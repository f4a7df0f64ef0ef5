/* Which tasks are picked: ticks by id, so that they outlive a list that changes or is replaced. Shift takes the rows between, the
   head's box the page, "all" the whole search. Who counts them listens to "picked". */
const picked = new Set();
let last; // the box that was clicked before
const boxes = () => [...document.querySelectorAll("tr[data-task] .tick")];
const all = () => document.querySelector("#bulk [name=all]");

function draw() {
  const shown = boxes(), on = shown.filter((box) => box.checked);
  const head = document.querySelector("[data-pick-page]");
  if (head) {
    head.checked = on.length > 0 && on.length === shown.length;
    head.indeterminate = on.length > 0 && !head.checked;
  }
  document.dispatchEvent(new CustomEvent("picked", { detail: { rows: on.map((box) => box.closest("tr")), all: Boolean(all()?.checked) } }));
}

function set(some, yes) {
  for (const box of some) {
    box.checked = yes;
    yes ? picked.add(box.value) : picked.delete(box.value);
  }
}

function restore() {
  for (const box of boxes()) box.checked = all()?.checked || picked.has(box.value);
  draw();
}

document.addEventListener("click", ({ target, shiftKey }) => {
  if (!target.matches?.("tr[data-task] .tick")) return;
  const shown = boxes();
  const [from, to] = [shiftKey ? shown.indexOf(last) : -1, shown.indexOf(target)].sort((a, b) => a - b);
  set(from < 0 ? [target] : shown.slice(from, to + 1), target.checked);
  if (all()) all().checked = false;
  last = target;
  draw();
});
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-pick-page], #bulk [name=all]")) return;
  if (all() && target !== all()) all().checked = false;
  set(boxes(), target.checked);
  draw();
});
document.addEventListener("reset", ({ target }) => {
  if (target.id !== "bulk") return;
  picked.clear();
  setTimeout(restore); // the boxes are emptied after this event
});
document.addEventListener("board:taken", () => { if (all()) all().checked = false; }); // it meant another search
document.addEventListener("htmx:after:swap", restore);
function begin() { // the browser may have kept ticks of its own, and somebody may have been faster than this script
  const on = boxes().filter((box) => box.checked);
  set(on, true);
  last = on.includes(document.activeElement) ? document.activeElement : last;
  draw();
}
document.addEventListener("bulk:ready", draw);
addEventListener("pageshow", begin);
begin();
