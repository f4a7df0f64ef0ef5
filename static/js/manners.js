/* Small manners: a menu closes when one clicks elsewhere or presses Escape; the current tab is in view. */
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
document.querySelector(".strip [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
