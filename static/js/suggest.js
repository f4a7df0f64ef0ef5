/* What could be typed next, in a list under the search box: arrows move in it, Enter takes one, Escape closes it. */
const PAUSE_MS = 150;
const box = () => document.getElementById("q");
const list = () => document.getElementById("suggestions");
const options = () => [...list().querySelectorAll("[role=option]")];
let at = -1, timer, asking;
const stop = () => { clearTimeout(timer); asking?.abort(); };

function mark(index) {
  at = index;
  for (const [number, option] of options().entries()) {
    option.tabIndex = -1; // the box keeps the focus
    option.id = `suggestion-${number}`;
    option.ariaSelected = String(number === at);
  }
  options()[at]?.scrollIntoView({ block: "nearest" });
  box().setAttribute("aria-activedescendant", at < 0 ? "" : `suggestion-${at}`);
}

function show(isOpen) {
  if (!isOpen) stop();
  list().hidden = !isOpen;
  box().ariaExpanded = String(isOpen);
  mark(-1);
}

async function look() {
  asking = new AbortController();
  const told = new URLSearchParams(new FormData(box().form));
  told.set("at", box().selectionStart);
  const answer = await fetch(`${list().dataset.from}?${told}`, { signal: asking.signal });
  list().innerHTML = answer.ok ? await answer.text() : "";
  show(document.activeElement === box() && options().length > 0);
}

function choose({ href, dataset }) {
  box().value = new URL(href).searchParams.get("q");
  box().setSelectionRange(dataset.at, dataset.at);
  box().dispatchEvent(new Event("input", { bubbles: true }));
  if (!dataset.text.endsWith(":")) show(false); // a qualifier wants its value
}

const soon = (ms) => { stop(); timer = setTimeout(() => look().catch(() => {}), ms); };
const KEYS = {
  ArrowDown: () => (list().hidden ? soon(0) : mark((at + 1) % options().length)),
  ArrowUp: () => !list().hidden && mark((at < 1 ? options().length : at) - 1),
  Escape: () => (list().hidden ? box().blur() : show(false)), // a browser would empty the box
  Enter: () => at >= 0 && choose(options()[at]),
};
const on = (kind, act) => document.addEventListener(kind, (event) => box() && act(event));
on("input", ({ target, isComposing }) => target === box() && !isComposing && soon(PAUSE_MS));
on("keydown", (event) => event.target === box() && !event.isComposing && KEYS[event.key] && KEYS[event.key]() !== false && event.preventDefault());
on("focusout", ({ target }) => target === box() && show(false));
on("submit", ({ target }) => target === box().form && show(false));
on("mousedown", (event) => event.target.closest("#suggestions") && event.preventDefault()); // the box keeps the focus
on("click", (event) => {
  const option = event.target.closest("#suggestions [role=option]");
  if (option && !event.ctrlKey && !event.metaKey && !event.shiftKey) choose(option, event.preventDefault());
});
if (box()?.value && document.activeElement === box()) soon(PAUSE_MS);
