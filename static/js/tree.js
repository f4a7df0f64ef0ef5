/* What a person opens by hand on a task's page: branches and the raw document, both fetched on demand. */
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
