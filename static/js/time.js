/* <time datetime data-ago> says how long ago ("4 s"); ="ago" adds the word, ="in" looks ahead; data-clock is the local clock time,
   ="s" with seconds on other days too, ="min" without today. Without scripts it is UTC. */
const UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
const local = (date, parts) => new Intl.DateTimeFormat("en-GB", parts).format(date);
let ahead = 0; // the browser's clock minus the server's, in ms

function ago(date, mode) {
  const now = Date.now() - ahead;
  const seconds = Math.max(0, Math.round((mode === "in" ? date - now : now - date) / 1000));
  if (mode === "in" && seconds === 0) return "now";
  if (seconds >= 86400 && mode !== "for") return day(date);
  const [size, unit] = UNITS.find(([size]) => seconds >= size) ?? [1, "s"];
  const text = `${Math.floor(seconds / size)}\u00a0${unit}`;
  return mode === "in" ? `in ${text}` : mode === "ago" ? `${text} ago` : text;
}

function day(date) {
  const thisYear = date.getFullYear() === new Date().getFullYear();
  return local(date, { day: "numeric", month: "short", ...(thisYear ? {} : { year: "numeric" }) });
}

function clock(date, mode) {
  const time = local(date, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const isToday = date.toDateString() === new Date().toDateString();
  const told = mode === "s" || (isToday && mode !== "min") ? time : time.slice(0, 5);
  return isToday ? told : `${day(date)}, ${told}`;
}

function paint(root) {
  for (const time of root.querySelectorAll("time[data-ago], time[data-clock]")) {
    const date = new Date(time.dateTime);
    if (isNaN(date)) continue;
    const text = time.dataset.ago === undefined ? clock(date, time.dataset.clock) : ago(date, time.dataset.ago);
    if (time.textContent !== text) time.textContent = text;
    const title = local(date, { dateStyle: "medium", timeStyle: "long" });
    if (time.title !== title) time.title = title;
  }
}

paint(document);
setInterval(() => document.hidden || paint(document), 1000);
document.addEventListener("visibilitychange", () => document.hidden || paint(document));
// What comes in is painted before it is morphed in: nothing flickers, and equal text stays untouched.
document.addEventListener("htmx:before:swap", ({ detail }) => detail.tasks.forEach((task) => task.fragment && paint(task.fragment)));
document.addEventListener("htmx:after:request", ({ detail }) => {
  const served = Date.parse(detail.ctx.response?.headers.get("Date") ?? "");
  ahead = served && Math.abs(Date.now() - served) > 2000 ? Date.now() - served : 0;
});
