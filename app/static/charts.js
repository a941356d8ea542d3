// Charts over time that are brought up to date while one looks: what those of the limits and of a job's speed share.
window.liveChart = (place, { lines, series, hooks = {}, least = 1 }) => {
  const colour = (name) => getComputedStyle(place).getPropertyValue(name).trim();
  const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const size = () => ({ width: place.clientWidth, height: 260 });
  const drawn = () => ({ stroke: colour("--bs-body-color"), grid: { stroke: colour("--bs-border-color") }, ticks: { stroke: colour("--bs-border-color") } });

  let chart = null;
  let told = null;
  const options = () => ({
    ...size(),
    cursor: { drag: { setScale: false } },
    scales: { y: { range: (_, _low, high) => [0, Math.max(10, high * 1.08)] } },
    axes: [{ ...drawn(), space: 80, values: (_, moments) => moments.map(clock) }, { ...drawn(), size: 60 }],
    series: [{ label: "At", value: (_, seconds) => (seconds == null ? "–" : clock(seconds)) }, ...series(colour, () => told)],
    hooks: Object.fromEntries(Object.entries(hooks).map(([name, hook]) => [name, [(u) => hook(u, told, colour)]])),
  });
  const draw = () => {
    if (chart) chart.destroy();
    place.hidden = !told || told.at.length < least;
    chart = place.hidden ? null : new uPlot(options(), lines(told), place);
  };
  const renew = async () => {
    try {
      const answer = await fetch(place.dataset.source, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      told = await answer.json();
      if (chart && told.at.length >= least) chart.setData(lines(told));
      else draw();
    } catch { /* the page says that the connection is lost; the next time may do better */ }
  };

  window.addEventListener("resize", () => chart && chart.setSize(size()));
  // Another theme has other colours.
  new MutationObserver(() => { if (told) draw(); }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  return { renew, every: () => 1000 * Number(place.dataset.seconds) };
};
