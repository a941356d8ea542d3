// Tags to choose from while one types them. Without this file the boxes are plain ones.
(() => {
  const DELAY_MS = 250;
  const PATIENCE_MS = 8000;
  const LONGEST_LIST = 2000; // characters of pasted ticket numbers: the first of them are enough

  const make = (name, values, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // The word that the caret is in: where it begins and ends, and what of it stands before the caret.
  const wordIn = (box) => {
    const before = box.value.slice(0, box.selectionStart).match(/[^\s,]*$/)[0];
    const after = box.value.slice(box.selectionStart).match(/^[^\s,]*/)[0];
    const start = box.selectionStart - before.length;
    return { start, end: start + before.length + after.length, text: before };
  };

  const chosenTickets = (form) => {
    const chosen = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (["source", "view", "search", "ticket_ids", "issue"].includes(name)) chosen.append(name, value.slice(0, LONGEST_LIST));
    }
    return chosen;
  };

  const complete = (box) => {
    const holdsMany = box.matches("textarea");
    const list = make("ul", { role: "listbox", id: `${box.id}-list`, "aria-label": "Tags to choose from" });
    const hint = make("p", { "aria-hidden": "true" });
    const popup = make("div", { class: "tag-popup", hidden: "" }, list, hint);
    const spoken = make("p", { class: "visually-hidden", role: "status" });
    box.parentElement.classList.add("tag-box");
    box.after(popup, spoken);
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    if (!holdsMany) box.setAttribute("role", "combobox"); // a box of several lines may not be called so
    let active = -1;
    let shown = []; // the names in the list
    let asking = false; // one question at a time, however slow the answer
    let askAgain = false;
    let timer;

    const isOpen = () => !popup.hidden;
    const setOpen = (open) => {
      popup.hidden = !open;
      if (!holdsMany) box.setAttribute("aria-expanded", String(open));
      if (!open) move(-1);
    };
    const move = (place) => {
      active = place;
      [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
      if (place < 0) box.removeAttribute("aria-activedescendant");
      else {
        box.setAttribute("aria-activedescendant", list.children[place].id);
        list.children[place].scrollIntoView({ block: "nearest" });
      }
    };
    const say = (words) => { spoken.textContent = words; };

    const take = (name) => {
      const word = wordIn(box);
      const [start, end] = holdsMany ? [word.start, word.end] : [0, box.value.length];
      const rest = box.value.slice(end).replace(/^ /, "");
      const put = holdsMany ? `${name} ` : name;
      box.value = box.value.slice(0, start) + put + (holdsMany ? rest : "");
      box.setSelectionRange(start + put.length, start + put.length);
      shown = [];
      setOpen(false);
      say(`${name} taken.`);
    };

    const show = ({ tags, is_partial }) => {
      const others = new Set(holdsMany ? box.value.toLowerCase().split(/[\s,]+/) : []);
      others.delete(wordIn(box).text.toLowerCase());
      const offered = tags.filter(({ name }) => !others.has(name));
      shown = offered.map(({ name }) => name);
      list.replaceChildren(...offered.map(({ name, words }, at) => make(
        "li", { role: "option", id: `${list.id}-${at}`, "aria-selected": "false", "data-name": name },
        make("span", { class: "tag-name" }, name), " ", make("span", { class: "tag-words" }, words),
      )));
      list.hidden = !shown.length;
      const trouble = shown.length ? "Zendesk did not tell all just now." : "No suggestions now.";
      hint.textContent = is_partial ? trouble : "Arrow keys move, Enter takes one.";
      setOpen(Boolean(shown.length) || is_partial);
      if (isOpen()) say(shown.length ? `${shown.length} ${shown.length === 1 ? "suggestion" : "suggestions"}. ${hint.textContent}` : trouble);
    };

    const ask = async () => {
      if (asking) { askAgain = true; return; }
      asking = true;
      askAgain = false;
      const start = wordIn(box).text;
      const asked = chosenTickets(box.form);
      asked.set("start", start);
      let told = { tags: [], is_partial: true };
      try {
        const answer = await fetch(`${box.dataset.tags}?${asked}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
        if (answer.ok) told = await answer.json();
      } catch { /* what one types is right without suggestions too */ }
      asking = false;
      if (askAgain) ask();
      else if (document.activeElement === box && wordIn(box).text === start) show(told);
    };

    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, DELAY_MS);
    });
    box.addEventListener("click", () => { if (!isOpen() && !wordIn(box).text) ask(); });
    // The browser's own suggestions stay away while ours are asked for. Off for good, the back button would empty the box.
    box.addEventListener("focus", () => box.setAttribute("autocomplete", "off"));
    window.addEventListener("pagehide", () => box.removeAttribute("autocomplete"));
    box.addEventListener("blur", () => {
      box.removeAttribute("autocomplete");
      clearTimeout(timer);
      setOpen(false);
    });
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (isOpen() && step && shown.length) {
        event.preventDefault();
        // Past either end is the box itself, where none is chosen.
        move(((active + 1 + step + shown.length + 1) % (shown.length + 1)) - 1);
      } else if (event.key === "ArrowDown" && !isOpen() && !box.value.slice(box.selectionStart).includes("\n")) {
        event.preventDefault();
        ask();
      } else if (event.key === "Enter" && isOpen() && active >= 0) {
        event.preventDefault();
        take(shown[active]);
      } else if (event.key === "Escape" && isOpen()) {
        event.preventDefault();
        setOpen(false);
      }
    });
    popup.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) take(option.dataset.name);
    });
    setOpen(false);
  };

  for (const box of document.querySelectorAll("[data-tags]")) complete(box);
})();
