/* The current tab is in view; what is being sent is not sent twice; "/" leads to the search box; other scripts come in time. */
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open]";

// By hand: scrollIntoView would move the page as well.
const current = document.querySelector(".strip [aria-current]");
const strip = current?.closest(".strip");
if (strip) strip.scrollLeft = current.offsetLeft - strip.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2;

const sending = (form, yes) => form.querySelectorAll("button").forEach((button) => { button.disabled = yes; });
document.addEventListener("submit", ({ target }) => target.matches("[data-once]") && sending(target, true));
addEventListener("pageshow", () => document.querySelectorAll("[data-once]").forEach((form) => sending(form, false)));

// At once: what is typed after it belongs into the box.
document.addEventListener("keydown", (event) => {
  const box = document.getElementById("q");
  if (event.key !== "/" || !box || document.body.dataset.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.(TYPING)) return;
  event.preventDefault();
  box.select();
});

// <script data-src> comes with the first sign of a hand, so a first visit stays light. What was pressed before
// is pressed again. A lost one is asked for again, under another name: browsers remember a failure.
const SIGNS = ["pointerover", "pointerdown", "keydown", "focusin", "popstate"], HELD = ["keydown", "click"];
const THEIRS = "[data-selecting], [data-help], [data-live], [data-every], [data-copy-text], [data-copy-url]";
const AGAIN_MS = 1000;
const held = [];
let tries = "";

const waiting = () => [...document.querySelectorAll("script[data-src]")];

function hold(event) {
  const { type, target, key } = event;
  if (type === "click" ? target.closest(THEIRS) : key.length === 1 && key !== "/" && !target.closest?.(TYPING)) {
    event.stopImmediatePropagation(); // or those who are here act now, and again then
    held.push(event);
  }
}

function wait() {
  for (const kind of SIGNS) addEventListener(kind, begin, true);
  for (const kind of HELD) addEventListener(kind, hold, true);
}

async function begin() {
  for (const kind of SIGNS) removeEventListener(kind, begin, true);
  await Promise.allSettled(waiting().map((script) => import(script.dataset.src + tries).then(() => script.remove())));
  for (const kind of HELD) removeEventListener(kind, hold, true);
  for (const event of held.splice(0)) {
    const target = document.contains(event.target) ? event.target : document.body;
    target.dispatchEvent(new event.constructor(event.type, event));
  }
  tries += "?";
  if (waiting().length) setTimeout(wait, AGAIN_MS);
}

wait();
