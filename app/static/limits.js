// The chart of Zendesk's limits: calls a minute by us and by others, below the account's limit.
(() => {
  const place = document.getElementById("limits-chart");
  if (!place || typeof uPlot === "undefined") return;

  document.getElementById("limits-still").remove();

  const chart = liveChart(place, {
    lines: (told) => [
      told.at,
      told.ours.map((ours, i) => ours + told.others[i]), // others are drawn first, ours over them
      told.ours,
      told.at.map(() => told.limit),
      told.at.map(() => told.for_jobs),
    ],
    series: (colour) => [
      { label: "Others", stroke: colour("--chart-others"), fill: colour("--chart-others"), points: { show: false }, value: (u, v, _, i) => (i == null ? "–" : u.data[1][i] - u.data[2][i]) },
      { label: "Giga Tools", stroke: colour("--chart-ours"), fill: colour("--chart-ours"), points: { show: false } },
      { label: "Limit", stroke: colour("--bs-body-color"), width: 2, points: { show: false } },
      { label: "Limit for jobs", stroke: colour("--bs-body-color"), dash: [6, 6], points: { show: false } },
    ],
  });

  chart.renew();
  setInterval(() => { if (!document.hidden) chart.renew(); }, chart.every());
})();
