/* Shows in the header whether this page is live or paused, or why it is not live just now. */
const WORDS = { trouble: "Retrying", "signed-out": "Stopped", gone: "Stopped" };
const control = document.querySelector("[data-pace]"); // a door has no header
let failing;

function draw() {
  const isPaused = localStorage.getItem("live") === "paused";
  control.hidden = !document.querySelector("[hx-trigger^='every']");
  control.querySelector("[data-live]").toggleAttribute("data-paused", isPaused);
  control.querySelector("[data-live]").toggleAttribute("data-failing", Boolean(failing));
  control.querySelector("[data-live-word]").textContent = isPaused ? "Paused" : failing || "Live";
}

if (control) {
  for (const kind of ["htmx:after:swap", "live:again"]) document.addEventListener(kind, draw);
  document.addEventListener("live:state", ({ detail }) => { failing = WORDS[detail.kind]; draw(); });
  addEventListener("storage", draw); // another tab chose
  draw();
}
