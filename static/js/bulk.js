/* The bar of what is picked: its words and numbers, what "Copy ids" copies, and what its form sends. */
const form = () => document.getElementById("bulk");
const board = () => document.getElementById("board");
const part = (name) => form().querySelector(`[data-${name}]`);
const ids = (rows) => rows.map((row) => row.dataset.task).join("\n");
const told = (number) => (isNaN(number) ? number : Number(number).toLocaleString("en")); // "10k+" is told as it is
const filter = (name) => form().querySelector(`[type=hidden][name=${name}]`);

function failedOf(all, rows) {
  if (!all) return rows.filter((row) => row.dataset.phase === "failed").length;
  const phase = filter("phase")?.value ?? "";
  return ["", "failed"].includes(phase) ? document.querySelector(".strip [data-phase=failed]")?.dataset.count ?? 0 : 0;
}

function drawCopy(button, all, rows) {
  const { dataset } = button;
  dataset.copyText = ids(rows);
  delete dataset.copyUrl;
  if (all) dataset.copyUrl = `${dataset.export}?${new URLSearchParams(new FormData(form()))}`;
  button.disabled = all && !Number(filter("count").value); // "10k+" are too many for a clipboard
}

function draw({ all, rows }) {
  if (!form()) return;
  if (!all) filter("count").value = board().dataset.total ?? "";
  const total = filter("count").value; // as many as there were when "all" was said
  const failed = failedOf(all, rows), none = String(failed) === "0";
  form().toggleAttribute("data-on", rows.length > 0 || all);
  part("picked").textContent = told(all ? total : rows.length);
  const isPage = !all && !(Number(total) <= rows.length); // "10k+" is no number
  const isBeyond = !(Number(total) <= document.querySelectorAll("tr[data-task]").length); // there are more than one sees
  part("where").textContent = isPage && isBeyond ? " on this page only" : "";
  part("all").textContent = all ? `All ${told(total)} matching, not only this page` : `Select all ${told(total)} matching`;
  part("all").closest("label").hidden = !all && !isPage;
  drawCopy(part("copy-first"), all, rows);
  const retry = part("retry");
  if (!retry) return;
  retry.textContent = none ? "Retry" : `Retry ${told(failed)}`;
  retry.closest("button").disabled = none;
  retry.closest("button").title = none ? "Only failed tasks can be retried" : "";
}

document.addEventListener("picked", ({ detail }) => draw(detail));
document.dispatchEvent(new Event("bulk:ready"));
document.addEventListener("formdata", ({ target, formData }) => {
  if (target.id === "bulk" && formData.has("all")) formData.delete("ids"); // all means the search, not what stands on this page
});
document.addEventListener("click", (event) => {
  const label = event.target.closest("#bulk .all");
  if (!label || event.target === label.control) return;
  event.preventDefault(); // it would scroll the page
  label.control.focus({ preventScroll: true });
  label.control.click();
});
