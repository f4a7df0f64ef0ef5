/* Small manners: a menu closes when one clicks elsewhere or presses Escape; the current tab is in view; what is being sent
   is not sent twice; "/" leads to the search box. */
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open]";
const menus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of menus()) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});

// By hand: scrollIntoView would move the page as well.
const current = document.querySelector(".strip [aria-current]");
const strip = current?.closest(".strip");
if (strip) strip.scrollLeft = current.offsetLeft - strip.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2;

const sending = (form, yes) => form.querySelectorAll("button").forEach((button) => { button.disabled = yes; });
document.addEventListener("submit", ({ target }) => target.matches("[data-once]") && sending(target, true));
addEventListener("pageshow", () => document.querySelectorAll("[data-once]").forEach((form) => sending(form, false)));

// At once, whatever else is still to come: what is typed after it belongs into the box.
document.addEventListener("keydown", (event) => {
  const box = document.getElementById("q");
  if (event.key !== "/" || !box || document.body.dataset.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(TYPING)) return;
  event.preventDefault();
  box.select();
});

// Scripts that nothing needs before somebody moves a hand (<script data-src>) come with the first sign of one, so a first visit
// stays light. What was pressed until they are here is pressed again then.
const SIGNS = ["pointerover", "pointerdown", "keydown", "focusin"];
const THEIRS = "[data-selecting], [data-help], [data-copy-text], [data-copy-url]";
const held = [];

function hold(event) {
  const isTheirs = event.type === "click" ? event.target.closest(THEIRS) : event.key.length === 1 && event.key !== "/" && !event.target.closest?.(TYPING);
  if (isTheirs) held.push(event);
}

async function begin() {
  for (const kind of SIGNS) document.removeEventListener(kind, begin);
  const sources = [...document.querySelectorAll("script[data-src]")].map((script) => script.dataset.src);
  await Promise.all(sources.map((source) => import(source)));
  for (const kind of ["keydown", "click"]) document.removeEventListener(kind, hold);
  for (const event of held) (document.contains(event.target) ? event.target : document.body).dispatchEvent(new event.constructor(event.type, event));
}

for (const kind of ["keydown", "click"]) document.addEventListener(kind, hold);
for (const kind of SIGNS) document.addEventListener(kind, begin);
