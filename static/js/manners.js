/* Small manners: a menu closes when one clicks elsewhere or presses Escape; the current tab is in view; what is being sent
   is not sent twice. */
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
