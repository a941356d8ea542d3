// The table of a job's tickets: it keeps up with the job while somebody looks at it, and ticks all boxes at once.
(() => {
  const SECONDS = 5;

  const clocks = () => {
    for (const time of document.querySelectorAll("time.clock")) {
      const moment = new Date(time.dateTime);
      if (!Number.isNaN(moment.valueOf())) time.textContent = moment.toLocaleTimeString();
    }
  };
  const ticks = () => {
    for (const all of document.querySelectorAll("[data-ticks]")) all.hidden = false;
  };
  const boxes = (form) => [...document.querySelectorAll(`input[name="ticked"][form="${form}"]`)];

  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-ticks]")?.dataset.ticks;
    if (form) for (const box of boxes(form)) box.checked = event.target.checked;
    else if (event.target.name === "ticked") {
      const all = document.querySelector(`[data-ticks="${event.target.getAttribute("form")}"] input`);
      if (all) all.checked = boxes(event.target.getAttribute("form")).every((box) => box.checked);
    }
  });

  // Whoever is at work in the table, or has marked some of its text, is not disturbed.
  const isBusy = (tickets) => {
    const chosen = window.getSelection();
    const marks = !chosen.isCollapsed && tickets.contains(chosen.anchorNode);
    return marks || Boolean(document.activeElement?.closest("#tickets table, #tickets nav, #ticket-filter"));
  };
  const isSeen = (tickets) => {
    const place = tickets.getBoundingClientRect();
    return place.top < window.innerHeight && place.bottom > 0;
  };
  const renew = () => {
    const tickets = document.getElementById("tickets");
    if (!tickets?.matches("[data-renews]") || document.hidden) return;
    if (isSeen(tickets) && !isBusy(tickets)) htmx.trigger(tickets, "renew");
  };
  setInterval(renew, 1000 * SECONDS);

  // By hand, the same without a new page.
  document.addEventListener("click", (event) => {
    if (!event.target.closest("#renew") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    htmx.trigger(document.getElementById("tickets"), "renew");
  });

  const dress = () => { clocks(); ticks(); };
  document.addEventListener("htmx:afterSwap", dress);
  document.addEventListener("DOMContentLoaded", dress);
})();
