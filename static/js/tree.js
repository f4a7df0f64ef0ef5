/* What a person opens by hand on a task's page: branches and the raw document, both fetched on demand; and what was found. */
// htmx arms a branch again with every morph of the region around it; one that is there needs no second fetch.
document.addEventListener("htmx:before:request", (event) => {
  const branch = event.detail.ctx.sourceElement;
  if (!branch.matches("details[data-branch]")) return;
  if (!branch.open || branch.querySelector(":scope > div[hx-morph-skip]")) event.preventDefault();
});

// A branch that was fetched on demand is not in the region's own answer: the morph must leave it alone.
document.addEventListener("htmx:after:swap", ({ detail }) => {
  const source = detail.ctx.sourceElement;
  if (source?.matches("details[data-branch]") && detail.ctx.response?.status === 200) {
    source.querySelector(":scope > div")?.setAttribute("hx-morph-skip", "");
  }
});

// A morph takes the buttons for paths away. The one that had the focus comes back: copy.js adds it when its leaf is reached.
let reached;
document.addEventListener("htmx:before:swap", () => {
  const button = document.activeElement;
  reached = button?.matches(".leaf > .path") ? button.dataset.copyText : undefined;
});
document.addEventListener("htmx:after:swap", () => {
  if (reached === undefined || document.activeElement?.matches(".path")) return;
  const copy = document.querySelector(`.leaf[data-path="${CSS.escape(reached)}"] > button`);
  copy?.focus({ preventScroll: true });
  copy?.nextElementSibling?.focus({ preventScroll: true });
});

// The raw document is text, never markup; it is fetched whenever it is opened.
document.addEventListener("toggle", async ({ target }) => {
  if (!target.open || !target.dataset?.raw) return;
  const place = target.querySelector("pre");
  try {
    const answer = await fetch(target.dataset.raw);
    place.textContent = answer.ok ? await answer.text() : `This server answered ${answer.status}.`;
  } catch {
    place.textContent = "Cannot reach this server.";
  }
}, true);

// What was found is shown where it stands, if it is on this page; otherwise the link leads to its branch.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-find]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const path = CSS.escape(link.parentElement.dataset.path);
  const leaf = document.querySelector(`.tree:not(.found) .leaf[data-path="${path}"]`);
  if (!leaf) return;
  event.preventDefault();
  for (let up = leaf.parentElement; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
  leaf.querySelector(":scope > button").focus({ preventScroll: true });
  leaf.scrollIntoView({ block: "center" });
});

// An emptied search field needs no answer.
document.addEventListener("input", ({ target }) => {
  if (target.matches("[hx-target='#found']") && !target.value.trim()) document.getElementById("found").replaceChildren();
});
