/* What an update changes is shown: cells are marked, so that they fade, and the tab tells of it. */
const CELLS = "tr[data-task] > td:not(.c-when), [data-cell]";

function key(cell) {
  const row = cell.closest("tr[data-task]");
  return row ? `${row.id}/${cell.cellIndex}` : cell.dataset.cell;
}

const text = (cell) => cell.textContent.replace(/\s+/g, " ").trim();

document.addEventListener("htmx:before:swap", ({ detail }) => {
  const region = detail.ctx.sourceElement;
  if (detail.ctx.swap !== "outerMorph" || detail.ctx.target !== region || !region.isConnected) return; // another search is no change
  const before = new Map([...region.querySelectorAll(CELLS)].map((cell) => [key(cell), cell]));
  for (const task of detail.tasks) {
    for (const cell of task.fragment?.querySelectorAll(CELLS) ?? []) {
      const old = before.get(key(cell));
      if (!old) continue;
      const mark = old.dataset.changed;
      if (text(old) !== text(cell)) cell.dataset.changed = mark === "a" ? "b" : "a";
      else if (mark) cell.dataset.changed = mark;
    }
  }
});

// The title begins with the words of the live region, and the icon bears a red dot from a new failure until somebody is here.
const icon = document.querySelector("link[rel=icon]");
const calm = icon.getAttribute("href");
const told = () => document.querySelector("[data-title]")?.dataset.title ?? "";
const counted = () => document.querySelector(".strip [data-phase=failed]")?.dataset.count;
let base = document.title;
if (told() && base.startsWith(told())) base = base.slice(told().length);
let failed = Number(counted() || NaN), filters = location.search;

function say(words, count) {
  if (document.title !== words + base) document.title = words + base;
  if (!count) return; // nobody knows
  const number = Number(count); // "10k+" is none: beyond that nobody is told
  if (location.search === filters && number > failed) icon.href = icon.dataset.failed;
  filters = location.search;
  failed = number;
}

function look() {
  if (icon.getAttribute("href") !== calm) icon.href = calm;
}

document.addEventListener("htmx:after:swap", () => say(told(), counted()));
document.addEventListener("live:state", ({ detail }) => detail.title !== null && detail.title !== undefined && say(detail.title, detail.failed));
for (const kind of ["focus", "pointerdown", "keydown"]) addEventListener(kind, look);
