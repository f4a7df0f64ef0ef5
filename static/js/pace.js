/* Shows in the header whether this page is live or paused. */
const control = document.querySelector("[data-pace]"); // a door has no header

function draw() {
  const isPaused = localStorage.getItem("live") === "paused";
  control.hidden = !document.querySelector("[hx-trigger^='every']");
  control.querySelector("[data-live]").toggleAttribute("data-paused", isPaused);
  control.querySelector("[data-live-word]").textContent = isPaused ? "Paused" : "Live";
}

if (control) {
  for (const kind of ["htmx:after:swap", "live:again"]) document.addEventListener(kind, draw);
  addEventListener("storage", draw); // another tab chose
  draw();
}
