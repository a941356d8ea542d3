// A button that copies what stands in a field. Where the browser does not let pages do that, it stays hidden.
(() => {
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const field = document.getElementById(button.dataset.copies);
    const said = document.getElementById(`${field.id}-copied`);
    field.addEventListener("focus", () => field.select());
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(field.value);
        said.textContent = "Copied.";
      } catch {
        field.focus();
        said.textContent = "Your browser does not let us copy it. It is selected: copy it with Ctrl-C.";
      }
    });
  }
})();
