/* Screen readers hear how much a search found, and of new phases only in rows that somebody watches: ticked ones, and the
   one that has the focus. */
const word = (row) => row.querySelector(".chip")?.textContent.trim();
const say = (text) => { document.getElementById("say").textContent = text; };
let watched = [], isOther = false;

document.addEventListener("htmx:before:swap", () => {
  const rows = [...document.querySelectorAll("tr[data-task]")];
  watched = rows.filter((row) => row.matches(":focus-within, :has(.tick:checked)")).map((row) => [row, word(row)]);
});
document.addEventListener("board:taken", () => { isOther = true; });
document.addEventListener("htmx:after:swap", () => {
  const { total, of = "task" } = document.querySelector("main > [hx-trigger]").dataset;
  if (isOther && total) say(`${total} ${of}${total === "1" ? "" : "s"}`);
  if (isOther) return (isOther = false);
  const moved = watched.filter(([row, before]) => row.isConnected && word(row) !== before);
  if (!moved.length) return;
  const said = moved.slice(0, 3).map(([row]) => `${row.querySelector(".name").textContent.trim()}: ${word(row)}`);
  if (moved.length > 3) said.push(`${moved.length - 3} more changed`);
  say(said.join(". "));
});
