// The table of a job's tickets: it keeps up with the job while somebody looks at it.
(() => {
  const SECONDS = 5;

  // Ticks of the plan count once they are sent. Nobody starts the plan, or leaves the page, believing that they did.
  const boxes = () => [...document.querySelectorAll('input[name="ticked"][form="untick-form"]')];
  const unsent = () => boxes().filter((box) => box.checked !== box.defaultChecked).length;
  let isSending = false;
  document.addEventListener("submit", (event) => {
    const number = unsent();
    if (event.target.id !== "apply-form" || !number) {
      isSending = event.target.method === "post";
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const tickets = number === 1 ? "1 ticket" : `${number} tickets`;
    document.getElementById("unsent-ticks").textContent =
      `The plan was not started: you have changed the ticks of ${tickets}, and the plan does not know it yet. Press this button first.`;
    document.getElementById("untick").focus();
  }, true);
  window.addEventListener("beforeunload", (event) => {
    if (unsent() && !isSending) event.preventDefault();
  });
  window.addEventListener("pageshow", () => { isSending = false; });

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
