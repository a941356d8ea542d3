// The list of jobs: ticking all of a page, and rest while nobody looks. Everything works without this file.
(() => {
  const boxes = () => [...document.querySelectorAll('.jobs-table input[name="job"]')];
  const all = () => document.getElementById("tick-all");

  const tell = () => {
    if (!all()) return;
    const ticked = boxes().filter((box) => box.checked).length;
    all().checked = ticked > 0 && ticked === boxes().length;
    all().indeterminate = ticked > 0 && ticked < boxes().length;
    document.getElementById("ticked").textContent = ticked ? `${ticked} ticked` : "";
  };
  document.addEventListener("change", (event) => {
    if (event.target === all()) for (const box of boxes()) box.checked = all().checked;
    if (event.target.matches('#tick-all, .jobs-table input[name="job"]')) tell();
  });

  let askedAt = 0;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.matches("#jobs-now, #dashboard-now")) return;
    if (document.hidden && Date.now() - askedAt < 20000) event.preventDefault();
    else askedAt = Date.now();
  });

  // Where a browser brings back a page with its ticks, they are counted again.
  window.addEventListener("pageshow", tell);
  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("tick-all-place")?.removeAttribute("hidden");
    tell();
  });
})();
