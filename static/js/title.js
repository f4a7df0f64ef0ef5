/* What the tab tells while one looks elsewhere: the title begins with the words of the live region, and the icon bears a red dot
   from a new failure until somebody is here again. */
const icon = document.querySelector("link[rel=icon]");
const calm = icon.getAttribute("href");
const told = () => document.querySelector("[data-title]")?.dataset.title ?? "";
const counted = () => document.querySelector(".strip [data-phase=failed]")?.dataset.count;
let base = document.title;
if (told() && base.startsWith(told())) base = base.slice(told().length);
let failed = Number(counted()), filters = location.search;

function say(words, count) {
  if (document.title !== words + base) document.title = words + base;
  const number = Number(count); // "10k+" is none: beyond that nobody is told
  if (location.search === filters && number > failed) icon.href = icon.dataset.failed;
  filters = location.search;
  failed = number;
}

function look() {
  if (icon.getAttribute("href") !== calm) icon.href = calm;
}

document.addEventListener("htmx:after:swap", () => say(told(), counted()));
document.addEventListener("live:state", ({ detail }) => detail.title !== null && detail.title !== undefined && say(detail.title, detail.failed));
for (const kind of ["focus", "pointerdown", "keydown"]) addEventListener(kind, look);
