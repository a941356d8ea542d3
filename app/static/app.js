// What pages do beyond links and forms. Everything works without this file; it makes waiting pleasant.
(() => {
  const localTimes = (root) => {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const moment = new Date(time.dateTime);
      if (!Number.isNaN(moment.valueOf())) {
        const timeStyle = "exact" in time.dataset || time.matches(".clock") ? "medium" : "short";
        const dateStyle = time.matches(".clock") ? undefined : "medium";
        time.textContent = moment.toLocaleString([], { dateStyle, timeStyle });
      }
    }
  };

  // A form is sent once, however often its button is pressed. Coming back to the page makes it usable again.
  const forms = () => document.querySelectorAll("form[data-once]");
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    const button = form.querySelector("button:not([type=button])");
    if (button) button.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of forms()) {
      delete form.dataset.sent;
      form.querySelector("button")?.removeAttribute("aria-disabled");
    }
  });

  // A page that nobody looks at asks less often.
  const askedAt = {}; // by the id of what is asked for again and again
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { id } = event.target;
    if (!event.target.matches("[hx-trigger^='every']")) return;
    if (document.hidden && Date.now() - (askedAt[id] ?? 0) < 20000) event.preventDefault();
    else askedAt[id] = Date.now();
  });

  // A search that is renewed as one types keeps its address: reload, bookmark and the back button show the same.
  document.addEventListener("htmx:afterOnLoad", (event) => {
    const form = event.target;
    if (!form.matches("form[data-address]")) return;
    const address = new URL(event.detail.pathInfo.finalRequestPath, window.location.href);
    for (const [name, value] of [...address.searchParams]) {
      if (value === (form.elements[name]?.dataset.usual ?? "")) address.searchParams.delete(name);
    }
    window.history.replaceState(null, "", address);
  });

  // What is open and what has the focus in a part of the page stays so when the part is brought up to date. Where the
  // thing with the focus is gone, such as a button that fits no more, the part has it, and not the top of the page.
  let kept = { open: [], had: false, focus: "", part: "" };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const part = event.target;
    const open = [...part.querySelectorAll("details[open][id]")].map((one) => one.id);
    const had = part !== document.activeElement && part.contains(document.activeElement);
    kept = { open, had, focus: had ? document.activeElement.id : "", part: part.id };
  });
  const takesFocus = (part) => (part.matches("[tabindex]") ? part : part.querySelector("[tabindex='-1']") ?? part.closest("[tabindex='-1']"));
  document.addEventListener("htmx:afterSwap", (event) => {
    for (const id of kept.open) document.getElementById(id)?.setAttribute("open", "");
    if (!kept.had) return;
    const same = kept.focus && document.getElementById(kept.focus);
    // Of a list that words have chosen, one goes back to the box with the words.
    const box = document.querySelector(`[data-narrows][hx-target="#${event.target.id}"]`);
    const part = kept.part && document.getElementById(kept.part);
    (same || box || (part && takesFocus(part)))?.focus({ preventScroll: true });
    kept.had = false; // it is given back once, also where one answer is put in several places
  });

  // A long list of things to tick shows those that have the words; what is ticked stays in sight.
  const narrow = (box) => {
    const words = box.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    for (const one of document.querySelectorAll(`${box.dataset.filter} > .form-check`)) {
      const text = one.textContent.toLocaleLowerCase();
      one.hidden = !one.querySelector("input").checked && !words.every((word) => text.includes(word));
    }
  };
  const filters = (root) => {
    for (const box of root.querySelectorAll("[data-filter]")) box.hidden = false;
  };
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-filter]")) narrow(event.target);
  });
  document.addEventListener("keydown", (event) => {
    // Enter in a box that narrows a list is no wish for the plan.
    if (event.key !== "Enter" || !event.target.matches("[data-filter], [data-narrows]")) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("narrow")); // and no wish to wait for the list
  });

  const lost = document.getElementById("connection-lost");
  document.addEventListener("htmx:sendError", () => { lost.hidden = false; });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 404) window.location.reload(); // the job was deleted
    else lost.hidden = false;
  });
  document.addEventListener("htmx:afterOnLoad", () => { lost.hidden = true; });
  document.addEventListener("htmx:afterSwap", () => { localTimes(document); filters(document); });

  document.addEventListener("DOMContentLoaded", () => {
    localTimes(document);
    filters(document);
    // What an answer is about comes first, also for those who hear the page.
    (document.getElementById("error-summary") ?? document.getElementById("findings-title"))?.focus();
  });
})();
