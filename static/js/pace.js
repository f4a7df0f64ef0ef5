/* Live or paused, and how often: the header's two controls. The choice is kept in this browser; live.js reads it. */
const control = document.querySelector("[data-pace]"); // a door has no header
const button = control?.querySelector("[data-live]");
const isPaused = () => localStorage.getItem("live") === "paused";

function draw() {
  control.hidden = !document.querySelector("[hx-trigger^='every']");
  button.toggleAttribute("data-paused", isPaused());
  button.querySelector("[data-live-word]").textContent = isPaused() ? "Paused" : "Live";
  const every = localStorage.getItem("every") ?? "";
  for (const choice of control.querySelectorAll("[data-every]")) choice.setAttribute("aria-pressed", choice.dataset.every === every);
}

function keep(name, value) {
  localStorage.setItem(name, value);
  draw();
  if (!isPaused()) document.dispatchEvent(new Event("live:again"));
}

control?.addEventListener("click", ({ target }) => {
  const choice = target.closest("[data-every]");
  if (target.closest("[data-live]")) keep("live", isPaused() ? "live" : "paused");
  if (!choice) return;
  localStorage.setItem("live", "live"); // who says how often wants it
  keep("every", choice.dataset.every);
  choice.closest("details").open = false;
  choice.closest("details").querySelector("summary").focus();
});
if (control) {
  document.addEventListener("htmx:after:swap", draw);
  addEventListener("storage", draw); // another tab chose
  draw();
}
