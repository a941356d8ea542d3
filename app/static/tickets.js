// The table of a job's tickets: it keeps up with the job while somebody looks at it.
(() => {
  const SECONDS = 5;

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
})();
