/* Copy buttons: data-copy-text has the text itself; one in a tree's leaf takes it from there, and CSS draws its icon. */
const wanted = (button) => button.dataset.copyText ?? button.parentElement.dataset.value;

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

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text);
  }
}

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

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy-text], .leaf > button");
  if (!button) return;
  const done = await copy(wanted(button));
  button.focus();
  show(button, done);
});
