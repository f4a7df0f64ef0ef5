/* Copy buttons: data-copy-text has the text itself, data-copy-url says where it is (with data-copy-first it is CSV, and its ids are
   meant: they stand first in a row and need no quotes); one in a tree's leaf takes the leaf's value.
   A leaf gets a second button, for its path, when somebody points at it or reaches it: so leaves stay light. */
const ids = (csv) => csv.match(/(?:[^"\n]|"(?:[^"]|"")*")+/g).slice(1).map((row) => row.split(",", 1)[0]).join("\n");

async function wanted({ dataset, parentElement }) {
  if (dataset.copyUrl === undefined) return dataset.copyText ?? parentElement.dataset.value;
  const answer = await fetch(dataset.copyUrl);
  if (!answer.ok) throw new Error(answer.status);
  return dataset.copyFirst === undefined ? answer.text() : ids(await answer.text());
}

// On plain HTTP browsers offer no clipboard; an invisible field and the old command still work there.
function copyByHand(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

const copy = (text) => navigator.clipboard ? navigator.clipboard.writeText(text).then(() => true, () => copyByHand(text)) : copyByHand(text);

function show(button, done) {
  const use = button.querySelector("use");
  const icon = use?.getAttribute("href") ?? "";
  document.getElementById("say").textContent = done ? "Copied" : "Could not copy";
  if (button.dataset.copied) return;
  button.dataset.copied = done;
  use?.setAttribute("href", icon.replace(/#.*/, done ? "#completed" : "#failed"));
  setTimeout(() => {
    use?.setAttribute("href", icon);
    delete button.dataset.copied;
    document.getElementById("say").textContent = "";
  }, 1500);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-text], [data-copy-url], .leaf > button");
  if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const done = await wanted(button).then(copy).catch(() => false);
  button.focus();
  show(button, done);
});

function addPath({ target }) {
  const leaf = target.closest?.(".leaf[data-path]");
  const button = leaf?.querySelector(":scope > button:last-child");
  if (!button || button.matches(".path")) return;
  const label = button.getAttribute("aria-label").replace("Copy", "Copy path of");
  button.insertAdjacentHTML("afterend", '<button type="button" class="ico path" title="Copy path"></button>');
  button.nextElementSibling.setAttribute("aria-label", label);
  button.nextElementSibling.dataset.copyText = leaf.dataset.path;
}
for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, addPath);
