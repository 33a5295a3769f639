/** The scale of the histograms as chosen by the user; undefined for the default. */
let chosenScale;

/** About `wanted` round numbers from `low` to `high`. */
function axisTicks(low, high, wanted) {
  const raw = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    ticks.push({ value: i * step, text: (i * step).toFixed(Math.min(digits, 8)).replace("-", "−") });
  }
  return ticks;
}

/** Joins pairs of bins, which doubles their width, until there are at most `wanted`. */
function coarser({ start, width, bins }, wanted) {
  while (bins.length > wanted) {
    const isOdd = Math.round(start / width) % 2 !== 0;
    const padded = isOdd ? [bins[0].map(() => 0), ...bins] : bins;
    start -= isOdd ? width : 0;
    width *= 2;
    bins = Array.from({ length: Math.ceil(padded.length / 2) }, (_, i) =>
      padded[2 * i].map((number, kind) => number + (padded[2 * i + 1]?.[kind] ?? 0)));
  }
  return { start, width, bins };
}

const totalOf = (category) => category.matches + category.heldBack + category.below;

for (const category of categories) {
  // Bins are matches, held back, and below the threshold those that a lower one would match or hold back.
  const { start, width, bins } = coarser(category.histogram, Math.min(96, Math.max(24, 2 * Math.sqrt(totalOf(category)))));
  category.shown = { start, width, bins: bins.map(([match, held, passing, failing]) => [match, held, passing + failing]) };
}

/** The range of a histogram: its bins, extended to include the threshold. */
function histogramRange({ shown: { start, width, bins }, threshold }) {
  const end = start + width * Math.max(bins.length, 1);
  const low = Math.min(start, threshold), high = Math.max(end, threshold);
  const space = (high - low) * 0.02;
  return [low - (threshold <= start ? space : 0), high + (threshold >= end ? space : 0)];
}

const isLogarithmic = (category) => chosenScale ? chosenScale === "log" : totalOf(category) > 1000;

/** The bars of a category's scores, with the threshold line. */
function bars(category, width, height) {
  const { start, width: binWidth, bins } = category.shown;
  const [low, high] = histogramRange(category);
  const x = (score) => (score - low) / (high - low) * width;
  const sum = (bin) => bin[0] + bin[1] + bin[2];
  const most = Math.max(1, ...bins.map(sum));
  const scale = isLogarithmic(category) ? (n) => Math.log1p(n) / Math.log1p(most) : (n) => n / most;
  const gap = Math.min(1, width / bins.length / 6);
  const bar = (bin, from, to, title) => {
    const total = sum(bin);
    if (total === 0) return null;
    // Outcomes are stacked from the bottom in proportion, so that the whole bar has the right height on a log scale too.
    const full = Math.max(scale(total) * height, 1.5);
    let base = height;
    const stack = svg("g", {}, svg("title", {}, title));
    for (const kind of [2, 1, 0]) {
      if (bin[kind] === 0) continue;
      const part = full * bin[kind] / total;
      base -= part;
      stack.append(svg("rect", { class: KINDS[kind], x: x(from) + gap / 2, y: base, height: part, width: Math.max(x(to) - x(from) - gap, 0.75) }));
    }
    return stack;
  };
  const stacks = bins.flatMap((bin, index) => {
    const from = start + index * binWidth, to = from + binWidth;
    const title = `${decimal(from)} to ${decimal(to)}: ${plural(sum(bin), "image")}, ${plural(bin[0], "match", "matches")}`;
    // In the threshold's bin, what is below the threshold is left of its line.
    return category.threshold > from && category.threshold < to
      ? [bar([0, 0, bin[2]], from, category.threshold, title), bar([bin[0], bin[1], 0], category.threshold, to, title)]
      : [bar(bin, from, to, title)];
  });
  const line = svg("line", { class: "threshold", x1: x(category.threshold), x2: x(category.threshold), y1: 0, y2: height });
  return { nodes: [...stacks.filter(Boolean), line], x, most, low, high };
}

/** The meanings of the colours that occur in the histograms of some categories. */
function legend(shown) {
  return [["match", "match", "matches"], ["held", "held back", "heldBack"], ["below", "below the threshold", "below"]]
    .filter(([, , counted]) => shown.some((category) => category[counted] > 0))
    .map(([kind, text]) => element("span", { class: `key ${kind}` }, text));
}

/** A small histogram without axes. */
function sparkline(category) {
  return svg("svg", { class: "spark", viewBox: "0 0 240 44", preserveAspectRatio: "none", "aria-hidden": "true" },
    ...bars(category, 240, 44).nodes);
}

/** The histogram of a category, as wide as `width` pixels. */
function histogram(category, width) {
  const height = 132, top = 22, bottom = 22;
  const { nodes, x, most, low, high } = bars(category, width, height);
  const at = x(category.threshold);
  const side = at > width - 130 ? "end" : "start";
  return svg("svg", { class: "histogram", width, height: top + height + bottom, role: "img",
      "aria-label": `Scores of ${plural(totalOf(category), "image")}: from ${decimal(low)} `
        + `to ${decimal(high)}, ${plural(category.matches, "match", "matches")}, threshold ${decimal(category.threshold)}.` },
    svg("text", { class: "label", x: at + (side === "end" ? -6 : 6), y: 12, "text-anchor": side }, `threshold ${decimal(category.threshold)}`),
    svg("line", { class: "threshold", x1: at, x2: at, y1: 2, y2: top }),
    svg("text", { class: "most", x: at < 160 ? width : 0, y: 12, "text-anchor": at < 160 ? "end" : "start" },
      `largest bin: ${count(most)}`),
    svg("g", { transform: `translate(0 ${top})` }, ...nodes,
      svg("line", { id: "moved", class: "moved", y1: 0, y2: height, hidden: true, "data-low": low, "data-high": high, "data-width": width }),
      svg("line", { class: "axis", x1: 0, x2: width, y1: height, y2: height }),
      svg("path", { id: "marker", class: "marker", d: "M0 0l-5 8h10z", hidden: true, "data-low": low, "data-high": high,
        "data-width": width, "data-y": height + 1 }),
      ...axisTicks(low, high, Math.max(3, Math.min(10, Math.floor(width / 90)))).map(({ value, text }) =>
        svg("text", { class: "tick", x: Math.min(Math.max(x(value), 12), width - 12), y: height + 17, "text-anchor": "middle" }, text))));
}

/** Moves a mark of the histogram to a score, or hides it. */
function moveMark(id, score, place) {
  const mark = byID(id);
  if (!mark) return;
  mark.toggleAttribute("hidden", score === undefined);
  if (score === undefined) return;
  const { low, high, width } = mark.dataset;
  mark.setAttribute("transform", `translate(${(score - low) / (high - low) * width} ${place(mark)})`);
}

/** Marks an image's score on the histogram. */
const markScore = (score) => moveMark("marker", score, (mark) => mark.dataset.y);

function drawHistogram(index) {
  const place = byID("histogram");
  if (!place) return;
  const category = categories[index];
  place.replaceChildren(histogram(category, Math.max(280, place.clientWidth)));
  byID("scale").setAttribute("aria-pressed", isLogarithmic(category));
  showThreshold(index);
}
