/* Keys for those who like them; the sheet behind "?" lists them. None while one types, none with Ctrl, Alt or Meta, none for who
   turned them off. */
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open]";
const TOGETHER_MS = 1000;
const help = document.getElementById("help");
const ROW = "tr:is([data-task], [data-group])"; // a task, or a cause of failures
const rows = () => [...document.querySelectorAll(ROW)];
let row = document.activeElement.closest(ROW), goAt = 0; // the row that had the focus last; when "g" was pressed

function move(step) {
  const all = rows(), at = all.indexOf(row);
  all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + step))]?.querySelector(".name").focus();
}

function failed() {
  if (Date.now() - goAt > TOGETHER_MS) return;
  location.assign(document.querySelector(".strip [data-phase=failed]")?.href ?? help.dataset.failed);
}

async function theme() {
  const buttons = [...document.querySelectorAll("[form=act][name=theme]")];
  const now = buttons.findIndex((button) => button.ariaPressed === "true");
  const next = buttons[(now + 1) % buttons.length];
  for (const button of buttons) button.ariaPressed = String(button === next);
  document.documentElement.dataset.theme = next.value;
  document.getElementById("say").textContent = next.textContent;
  const body = new URLSearchParams(new FormData(document.getElementById("act")));
  body.set("theme", next.value);
  await fetch(next.formAction, { method: "POST", body, redirect: "manual" }).catch(() => {}); // it holds on this page
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => row?.querySelector(".tick")?.click(),
  Enter: (event) => (event.target.matches("tr[data-task] .tick") ? row.querySelector(".name").click() : false),
  b: () => document.querySelector("#bulk[data-on] .acts button:enabled")?.focus(),
  r: () => document.querySelector("[data-pace]:not([hidden]) [data-live]")?.click(),
  t: theme,
  g: () => { goAt = Date.now(); },
  f: failed,
  "?": () => help.showModal(),
};

document.addEventListener("focusin", ({ target }) => { row = target.closest(ROW) ?? row; });
document.addEventListener("keydown", (event) => {
  if (!help || document.body.dataset.shortcuts === "off" || !Object.hasOwn(KEYS, event.key)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING) || help.open) return;
  if (KEYS[event.key](event) !== false) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-help], [data-selecting]");
  if (!button) return;
  event.preventDefault(); // it is done
  if (button.matches("[data-help]")) return help.showModal();
  // On narrow screens the ticks come when one asks for them.
  const isOn = document.body.toggleAttribute("data-selects");
  button.textContent = isOn ? "Done" : "Select";
  if (!isOn) document.getElementById("bulk").reset();
});
