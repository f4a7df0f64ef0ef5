/* When the live region may ask: as often as the person chose, once a minute and for counts only while hidden, at once when seen
   again, later and later on errors, not while paused. htmx ticks; this file says no. "live:state" tells what came of it. */
const WAITS = [3, 6, 12, 24, 60]; // seconds
const HIDDEN_MS = 60_000;
const EARLY_MS = 300; // a timer may be a little early
let fails = 0, notBefore = 0, asked = Date.now(), over = false, timer;

const region = () => document.querySelector("[hx-trigger^='every']");
const ours = (event) => event.detail.ctx?.sourceElement && event.detail.ctx.sourceElement === region();
const poll = () => region() && window.htmx?.trigger(region(), "every");
const tell = (detail) => document.dispatchEvent(new CustomEvent("live:state", { detail }));
const paused = () => localStorage.getItem("live") === "paused";
const chosen = () => Number(localStorage.getItem("every")) * 1000; // 0: as often as the region says
const tooEarly = (now) => now - asked < (document.hidden ? HIDDEN_MS : chosen() - EARLY_MS);

function atOnce() {
  asked = 0;
  poll();
}

function later(status, retryAfter) {
  const seconds = WAITS[Math.min(fails++, WAITS.length - 1)] * (0.8 + Math.random() * 0.4);
  const told = Number(retryAfter) || Math.max(0, (Date.parse(retryAfter) - Date.now()) / 1000) || 0;
  const ms = Math.max(seconds, told) * 1000;
  notBefore = Date.now() + ms;
  clearTimeout(timer);
  timer = setTimeout(poll, ms + 20);
  tell({ kind: "trouble", status });
}

document.addEventListener("htmx:before:request", (event) => {
  if (!ours(event)) return;
  const now = Date.now();
  if (over || paused() || now < notBefore || tooEarly(now)) event.preventDefault();
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
  tell({ kind: "fine", asOf: Number(headers.get("X-As-Of")), title: headers.get("X-Title"), failed: headers.get("X-Failed") });
});
document.addEventListener("htmx:error", (event) => ours(event) && later());
document.addEventListener("live:again", atOnce);
document.addEventListener("board:taken", () => { // another list
  fails = notBefore = 0;
  over = false;
  tell({ kind: "fine" });
});
document.addEventListener("visibilitychange", () => document.hidden || atOnce());
// Somebody may have chosen to look more often than the region ticks.
setInterval(() => chosen() && !document.hidden && Date.now() - asked >= chosen() && poll(), 1000);
