// The chart of a job's speed: tickets a minute, with the times marked in which it waited or was paused.
(() => {
  const part = document.getElementById("speed-part");
  const place = document.getElementById("speed-chart");
  if (!place || typeof uPlot === "undefined") return;

  const colour = (name) => getComputedStyle(place).getPropertyValue(name).trim();
  const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const drawn = () => ({ stroke: colour("--bs-body-color"), grid: { stroke: colour("--bs-border-color") }, ticks: { stroke: colour("--bs-border-color") } });
  const size = () => ({ width: place.clientWidth, height: 260 });
  const rounded = (rate) => Math.round(rate).toLocaleString();
  const bandAt = (seconds) => told.bands.find((band) => band.from <= seconds && seconds < band.to);
  const bandsIn = (from, to) => told.bands.find((band) => band.from < to && band.to > from);

  let chart = null;
  let told = null;

  const lines = () => [told.at, told.rate, told.at.map(() => null)];
  const paintBands = (u) => {
    const { left, top, width, height } = u.bbox;
    u.ctx.save();
    u.ctx.beginPath();
    u.ctx.rect(left, top, width, height);
    u.ctx.clip();
    for (const band of told.bands) {
      const from = u.valToPos(band.from, "x", true);
      const to = Math.max(from + 1, u.valToPos(band.to, "x", true));
      u.ctx.fillStyle = colour(band.kind === "paused" ? "--band-paused" : "--band-waited");
      u.ctx.fillRect(from, top, to - from, height);
    }
    u.ctx.restore();
  };
  const bandWords = (u, _value, _series, i) => {
    if (i == null) return "–";
    const from = told.at[i];
    const band = bandAt(u.posToVal(u.cursor.left, "x")) ?? bandsIn(from, told.at[i + 1] ?? from);
    return band ? band.words : "–";
  };
  const options = () => ({
    ...size(),
    cursor: { drag: { setScale: false } },
    scales: { y: { range: (_, _low, high) => [0, Math.max(10, high * 1.08)] } },
    axes: [{ ...drawn(), space: 80, values: (_, moments) => moments.map(clock) }, { ...drawn(), size: 60 }],
    series: [
      { label: "At", value: (_, seconds) => (seconds == null ? "–" : clock(seconds)) },
      { label: "Tickets a minute", stroke: colour("--chart-ours"), fill: colour("--speed-fill"), width: 2, points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }), value: (_, rate) => (rate == null ? "–" : rounded(rate)) },
      { label: "Waited or paused", stroke: colour("--band-waited"), points: { show: false }, value: bandWords },
    ],
    hooks: { drawClear: [paintBands] },
  });

  const draw = () => {
    if (chart) chart.destroy();
    place.hidden = !told || told.at.length < 2;
    chart = place.hidden ? null : new uPlot(options(), lines(), place);
  };
  const renew = async () => {
    try {
      const answer = await fetch(place.dataset.source, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      told = await answer.json();
      if (chart) chart.setData(lines());
      else draw();
    } catch { /* the page says that the connection is lost; the next time may do better */ }
  };

  const goesOn = () => ["running", "pausing", "cancelling"].includes(document.querySelector(".job-card")?.dataset.status);
  const all = () => {
    renew();
    htmx.trigger("#timeline", "renew");
  };
  part.addEventListener("toggle", () => { if (part.open) renew(); });
  document.body.addEventListener("job-rests", () => { if (part.open) renew(); });
  setInterval(() => { if (part.open && goesOn() && !document.hidden) all(); }, 1000 * Number(place.dataset.seconds));
  window.addEventListener("resize", () => chart && chart.setSize(size()));
  // Another theme has other colours.
  new MutationObserver(() => { if (told) draw(); }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
})();
