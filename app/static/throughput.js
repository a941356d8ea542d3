// The chart of a job's speed: tickets a minute, with the times marked in which it waited or was paused.
(() => {
  const part = document.getElementById("speed-part");
  const place = document.getElementById("speed-chart");
  if (!place || typeof uPlot === "undefined") return;

  const rounded = (rate) => Math.round(rate).toLocaleString();
  const paintBands = (u, told, colour) => {
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
  // The band under the pointer, or else one that the span of this moment has a part of.
  const bandWords = (u, told, i) => {
    if (i == null) return "–";
    const at = u.posToVal(u.cursor.left, "x");
    const [from, to] = [told.at[i], told.at[i + 1] ?? told.at[i]];
    const band = told.bands.find((one) => one.from <= at && at < one.to) ?? told.bands.find((one) => one.from < to && one.to > from);
    return band ? band.words : "–";
  };

  const chart = liveChart(place, {
    least: 2,
    lines: (told) => [told.at, told.rate, told.at.map(() => null)],
    series: (colour, told) => [
      { label: "Tickets a minute", stroke: colour("--chart-ours"), fill: colour("--speed-fill"), width: 2, points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }), value: (_, rate) => (rate == null ? "–" : rounded(rate)) },
      { label: "Waited or paused", stroke: colour("--band-waited"), points: { show: false }, value: (u, _value, _series, i) => bandWords(u, told(), i) },
    ],
    hooks: { drawClear: paintBands },
  });

  const goesOn = () => ["running", "pausing", "cancelling"].includes(document.querySelector(".job-card")?.dataset.status);
  const all = () => {
    chart.renew();
    htmx.trigger("#timeline", "renew");
  };
  part.addEventListener("toggle", () => { if (part.open) chart.renew(); });
  document.body.addEventListener("job-rests", () => { if (part.open) chart.renew(); });
  setInterval(() => { if (part.open && goesOn() && !document.hidden) all(); }, chart.every());
})();
