/* When the live region of a page may ask: never twice at once, once a minute while hidden, at once when seen again, later and
   later on errors, not while paused. htmx ticks; this file says no. It tells "live:state" what came of it. */
const WAITS = [3, 6, 12, 24, 60]; // seconds
const HIDDEN_MS = 60_000;
const button = document.querySelector("[data-live]");
let fails = 0, notBefore = 0, asked = Date.now(), over = false, timer;

const region = () => document.querySelector("[hx-trigger^='every']");
const ours = (event) => event.detail.ctx?.sourceElement && event.detail.ctx.sourceElement === region();
const poll = () => region() && window.htmx?.trigger(region(), "every");
const tell = (detail) => document.dispatchEvent(new CustomEvent("live:state", { detail }));
const paused = () => localStorage.getItem("live") === "paused";

function later(status, retryAfter) {
  const seconds = WAITS[Math.min(fails++, WAITS.length - 1)] * (0.8 + Math.random() * 0.4);
  const told = Number(retryAfter) || Math.max(0, (Date.parse(retryAfter) - Date.now()) / 1000) || 0;
  const ms = Math.max(seconds, told) * 1000;
  notBefore = Date.now() + ms;
  clearTimeout(timer);
  timer = setTimeout(poll, ms + 20);
  tell({ kind: "trouble", status });
}

function drawButton() {
  button.hidden = !region();
  button.toggleAttribute("data-paused", paused());
  button.querySelector("[data-live-word]").textContent = paused() ? "Paused" : "Live";
}

function toggle() {
  localStorage.setItem("live", paused() ? "live" : "paused");
  drawButton();
  if (!paused()) poll();
}

document.addEventListener("htmx:before:request", (event) => {
  if (!ours(event)) return;
  const now = Date.now();
  if (over || paused() || now < notBefore || (document.hidden && now - asked < HIDDEN_MS)) event.preventDefault();
  else asked = now;
  if (document.hidden) event.detail.ctx.request.headers["X-Hidden"] = "1"; // nobody watches
});
document.addEventListener("htmx:after:request", (event) => {
  if (!ours(event)) return;
  const { status, headers } = event.detail.ctx.response;
  over = [401, 403, 404].includes(status);
  if (over) return tell({ kind: status === 401 ? "signed-out" : "gone", status });
  if (status >= 400) return later(status, headers.get("Retry-After"));
  fails = notBefore = 0;
  tell({ kind: "fine", asOf: Number(headers.get("X-As-Of")) });
});
document.addEventListener("htmx:error", (event) => ours(event) && later());
document.addEventListener("htmx:after:swap", () => button && drawButton());
document.addEventListener("visibilitychange", () => document.hidden || poll());
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
  if (event.key === "r" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && region()) toggle();
});
button?.addEventListener("click", toggle); // a door has no header, so no button
if (button) drawButton();
