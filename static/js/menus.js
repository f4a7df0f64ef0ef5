/* A menu closes when one clicks elsewhere or presses Escape. Where none is open, Escape clears the selection. */
const menus = () => [...document.querySelectorAll("details.menu[open]")];

document.addEventListener("click", ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape") return;
  const open = menus();
  for (const menu of open) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
  if (!open.length && target.id !== "q" && !document.querySelector("dialog[open]")) document.getElementById("bulk")?.reset();
});
