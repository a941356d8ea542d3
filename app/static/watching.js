// What helps to watch a job: its state said aloud now and then, a word when it is done, and the focus kept in place.
(() => {
  const progress = document.getElementById("progress");
  const spoken = document.getElementById("spoken");
  if (!progress) return;

  const card = () => progress.querySelector(".job-card");
  const sentence = () => document.getElementById("sentence").textContent.replace(/\s+/g, " ").trim();
  const RESTS = ["planned", "paused", "completed", "cancelled", "failed"];
  const rests = () => RESTS.includes(card().dataset.status);
  const keep = {
    get: (store, name) => { try { return store.getItem(name); } catch { return null; } },
    set: (store, name, value) => { try { store.setItem(name, value); } catch { /* a browser that keeps nothing */ } },
    drop: (store, name) => { try { store.removeItem(name); } catch { /* as above */ } },
  };

  // Said aloud are changes of state, each quarter of the way, and that it waits; no more than that, and not twice.
  const QUIET_MS = 15000;
  let said = null;
  let saidAt = 0;
  const quarter = () => Math.floor(Number(progress.querySelector("progress[value]")?.value ?? 0) / 25);
  const say = () => {
    const now = { status: card().dataset.status, quarter: quarter(), waits: Boolean(progress.querySelector(".waiting")) };
    const first = said === null;
    const moved = !first && (now.status !== said.status || now.quarter > said.quarter);
    const waits = !first && now.waits && !said.waits && Date.now() - saidAt > QUIET_MS;
    if (moved || waits) {
      spoken.textContent = waits && !moved ? progress.querySelector(".waiting").textContent.replace(/\s+/g, " ").trim() : sentence();
      saidAt = Date.now();
    }
    if (first || moved || waits || !now.waits) said = now;
  };

  // A word when it is done, for whoever asked for it and looks elsewhere. Kept for this job until then.
  const tell = document.getElementById("tell-me");
  const button = document.getElementById("tell-me-button");
  const answer = document.getElementById("tell-me-said");
  const wish = tell && `tell-me-${tell.dataset.job}`;
  const isWished = () => keep.get(localStorage, wish) === "yes" && Notification.permission === "granted";
  const offer = () => {
    if (!tell || typeof Notification === "undefined") return;
    tell.hidden = rests() || (Notification.permission === "denied" && !answer.textContent);
    button.hidden = Notification.permission === "denied";
    button.setAttribute("aria-pressed", String(isWished()));
  };
  const ask = async () => {
    if (isWished()) {
      keep.drop(localStorage, wish);
      answer.textContent = "";
    } else if (await Notification.requestPermission() === "granted") {
      keep.set(localStorage, wish, "yes");
      answer.textContent = "Your browser tells you, as long as this page is open.";
    } else {
      answer.textContent = "Your browser does not allow it. The title of this window shows how far the job is.";
    }
    offer();
  };
  const notify = () => {
    if (!tell || typeof Notification === "undefined" || !rests() || !isWished()) return;
    keep.drop(localStorage, wish);
    if (!document.hidden && document.hasFocus()) return;
    const note = new Notification(tell.dataset.title, { body: sentence(), tag: wish });
    note.onclick = () => { window.focus(); note.close(); };
  };

  // Whoever pressed a button of the card by key is at the card again when the page comes back, and not at its top.
  const PRESSED = "pressed";
  let byKey = true;
  progress.addEventListener("click", (event) => { byKey = event.detail === 0; }, true);
  progress.addEventListener("submit", (event) => {
    if (byKey) keep.set(sessionStorage, PRESSED, `${window.location.pathname} ${event.submitter?.id ?? ""}`);
  });
  const comeBack = () => {
    const [path, id] = (keep.get(sessionStorage, PRESSED) ?? "").split(" ");
    keep.drop(sessionStorage, PRESSED);
    if (path !== window.location.pathname) return;
    const same = id && document.getElementById(id);
    (same && progress.contains(same) ? same : progress).focus({ preventScroll: true });
  };

  button?.addEventListener("click", ask);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== progress) return;
    if (said.status !== card().dataset.status) htmx.trigger("#timeline", "renew");
    say();
    notify();
    offer();
  });
  say();
  if (wish && rests()) notify();
  offer();
  comeBack();
})();
