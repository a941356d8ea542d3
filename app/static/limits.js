// The chart of Zendesk's limits: calls a minute by us and by others, below the account's limit.
(() => {
  const place = document.getElementById("limits-chart");
  if (!place || typeof uPlot === "undefined") return;

  document.getElementById("limits-still").remove();

  const colour = (name) => getComputedStyle(place).getPropertyValue(name).trim();
  const stacked = (told) => [
    told.at,
    told.ours.map((ours, i) => ours + told.others[i]), // others are drawn first, ours over them
    told.ours,
    told.at.map(() => told.limit),
    told.at.map(() => told.for_jobs),
  ];
  const size = () => ({ width: place.clientWidth, height: 260 });
  const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const drawn = () => ({ stroke: colour("--bs-body-color"), grid: { stroke: colour("--bs-border-color") }, ticks: { stroke: colour("--bs-border-color") } });
  const options = () => ({
    ...size(),
    cursor: { drag: { setScale: false } },
    scales: { y: { range: (_, low, high) => [0, Math.max(10, high * 1.08)] } },
    axes: [{ ...drawn(), space: 80, values: (_, moments) => moments.map(clock) }, drawn()],
    series: [
      { value: (_, seconds) => (seconds == null ? "–" : clock(seconds)) },
      { label: "Others", stroke: colour("--chart-others"), fill: colour("--chart-others"), points: { show: false }, value: (u, v, _, i) => (i == null ? "–" : u.data[1][i] - u.data[2][i]) },
      { label: "Giga Tools", stroke: colour("--chart-ours"), fill: colour("--chart-ours"), points: { show: false } },
      { label: "Limit", stroke: colour("--bs-body-color"), width: 2, points: { show: false } },
      { label: "Limit for jobs", stroke: colour("--bs-body-color"), dash: [6, 6], points: { show: false } },
    ],
  });

  let chart = null;
  let told = null;
  const draw = () => {
    if (chart) chart.destroy();
    chart = told && told.at.length ? new uPlot(options(), stacked(told), place) : null;
  };
  const renew = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(place.dataset.source, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      told = await answer.json();
      if (chart && told.at.length) chart.setData(stacked(told));
      else draw();
    } catch { /* the page says that the connection is lost; the next time may do better */ }
  };

  renew();
  setInterval(renew, 1000 * Number(place.dataset.seconds));
  window.addEventListener("resize", () => chart && chart.setSize(size()));
  // Another theme has other colours.
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
})();
