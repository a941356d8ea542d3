// The chart of an issue: tickets a day. Without this file there is the table below it.
(() => {
  const place = document.getElementById("issue-chart");
  if (!place || typeof uPlot === "undefined") return;

  const told = JSON.parse(place.dataset.trend);
  const colour = (name) => getComputedStyle(place).getPropertyValue(name).trim();
  const day = (seconds) => new Date(seconds * 1000).toLocaleDateString([], { day: "numeric", month: "short", timeZone: "UTC" });
  const size = () => ({ width: place.clientWidth, height: 240 });
  const lines = () => ({ stroke: colour("--bs-body-color"), grid: { stroke: colour("--bs-border-color") }, ticks: { stroke: colour("--bs-border-color") } });

  let chart = null;
  const draw = () => {
    if (chart) chart.destroy();
    chart = new uPlot({
      ...size(),
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
      cursor: { drag: { setScale: false } },
      scales: { y: { range: (_, _low, high) => [0, Math.max(4, high * 1.08)] } },
      axes: [{ ...lines(), space: 70, values: (_, moments) => moments.map(day) }, { ...lines(), size: 50, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] }],
      series: [{ label: "Day", value: (_, seconds) => (seconds == null ? "–" : day(seconds)) }, { label: "Tickets", stroke: colour("--chart-ours"), fill: colour("--speed-fill"), width: 2, points: { show: false } }],
    }, [told.at, told.tickets], place);
  };

  place.hidden = false;
  draw();
  window.addEventListener("resize", () => chart.setSize(size()));
  // Another theme has other colours.
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
})();
