/* Live or paused, and how often: the header's two controls. The choice is kept in this browser; pace.js shows it, live.js reads it. */
const choices = () => document.querySelectorAll("[data-every]");

function draw() {
  const every = localStorage.getItem("every") ?? "";
  for (const choice of choices()) choice.ariaPressed = String(choice.dataset.every === every);
}

function keep(name, value) {
  localStorage.setItem(name, value);
  draw();
  document.dispatchEvent(new Event("live:again"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-live]"), choice = event.target.closest("[data-every]");
  if (!button && !choice) return;
  event.preventDefault(); // it is done
  if (button) return keep("live", button.hasAttribute("data-paused") ? "live" : "paused");
  localStorage.setItem("live", "live"); // who says how often wants it
  keep("every", choice.dataset.every);
  choice.closest("details").open = false;
  choice.closest("details").querySelector("summary").focus();
});
addEventListener("storage", draw); // another tab chose
draw();
