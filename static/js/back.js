/* The way back leads to the order and the size that the page had: what one picks becomes the meaning of an address that tells
   none, so the page that is left tells its own. */
document.addEventListener("submit", ({ submitter, target }) => {
  const form = document.querySelector(".display form"), url = new URL(location);
  if (!form || (target !== form && submitter?.formAction !== form.action)) return;
  for (const { name, options } of form.querySelectorAll("select")) {
    url.searchParams.set(name, [...options].find((option) => option.defaultSelected).value);
  }
  history.replaceState(null, "", url);
});
