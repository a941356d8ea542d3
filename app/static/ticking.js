// Boxes to tick for a form that stands elsewhere on the page: all of them at once, and how many are ticked.
(() => {
  const boxes = (form) => [...document.querySelectorAll(`input[type="checkbox"][form="${form}"]`)];

  const tell = () => {
    for (const place of document.querySelectorAll("[data-ticks]")) {
      const form = place.dataset.ticks;
      const number = boxes(form).length;
      const ticked = boxes(form).filter((box) => box.checked).length;
      const all = place.querySelector("input");
      place.hidden = false;
      all.checked = ticked > 0 && ticked === number;
      all.indeterminate = ticked > 0 && ticked < number;
      const said = document.querySelector(`[data-ticked="${form}"]`);
      const words = ticked ? `${ticked} ticked` : "";
      if (said && said.textContent !== words) said.textContent = words; // the same is not said aloud again
    }
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-ticks]")?.dataset.ticks;
    if (form) for (const box of boxes(form)) box.checked = event.target.checked;
    tell();
  });
  document.addEventListener("htmx:afterSwap", tell);
  document.addEventListener("DOMContentLoaded", tell);
  window.addEventListener("pageshow", tell); // where a browser brings back a page with its ticks
})();
