/* Marks the cells that a morph is about to change, so that CSS can let them fade. */
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
