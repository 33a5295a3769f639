/** Another threshold that is tried for the current category; undefined for its own. */
let triedThreshold;

/** The thresholds that can be tried: the category's own and the edges of the bins, where counts are exact. */
function triableThresholds({ histogram: { start, width, bins }, threshold }) {
  const edges = Array.from({ length: bins.length + 1 }, (_, index) => start + index * width);
  return [...edges.filter((edge) => edge !== threshold), threshold].sort((a, b) => a - b);
}

/** The number of images that would match and be held back with another threshold. */
function countsAt(category, threshold) {
  if (threshold === category.threshold) return { matches: category.matches, heldBack: category.heldBack };
  const { start, width, bins } = category.histogram;
  const reached = bins.filter((_, index) => start + index * width >= threshold);
  return reached.reduce((sum, [match, held, passing, failing]) =>
    ({ matches: sum.matches + match + passing, heldBack: sum.heldBack + held + failing }), { matches: 0, heldBack: 0 });
}

/** What the labels say of the shown images with another threshold. */
function labelledAt(index, threshold) {
  const { name, cards } = categories[index];
  const found = { right: 0, wrong: 0, missed: 0 };
  for (const [position] of cards) {
    const image = report.images[position], score = image.scores.get(index), label = labels.get(image.id, name);
    if (label === undefined || label === UNSURE) continue;
    const isMatch = score.score >= threshold && (score.neutral === null || score.positive - score.neutral >= report.neutralMargin);
    if (isMatch) found[label === 1 ? "right" : "wrong"]++;
    else if (label === 1) found.missed++;
  }
  return found;
}

/** The histogram of a category, and a slider that tries other thresholds. */
function scoreFigure(index) {
  const category = categories[index];
  const tried = triableThresholds(category);
  triedThreshold = undefined;
  const own = tried.indexOf(category.threshold);
  const slider = element("input", { type: "range", id: "threshold", min: 0, max: tried.length - 1, step: 1, value: own, oninput: () => {
    triedThreshold = tried[Number(slider.value)];
    showThreshold(index);
  } });
  return element("figure", { class: "scores" },
    element("div", { id: "histogram", class: "plot" }),
    element("figcaption", {},
      ...legend([category]),
      element("button", { id: "scale", type: "button", "aria-pressed": "false", onclick: () => {
        chosenScale = isLogarithmic(category) ? "linear" : "log";
        drawHistogram(index);
      } }, "Logarithmic")),
    element("div", { class: "try" },
      element("label", { for: "threshold" }, "Try another threshold"), slider,
      element("output", { id: "tried", for: "threshold" }),
      element("span", { class: "actions" },
        element("button", { type: "button", class: "small", id: "tried-copy", onclick: () => copyText(`threshold: ${yamlNumber(triedThreshold ?? category.threshold)}`) }, "Copy for the category file"),
        element("button", { type: "button", class: "small", id: "tried-reset", onclick: () => {
          slider.value = own;
          triedThreshold = undefined;
          showThreshold(index);
        } }, "Reset"))));
}

/** A number as a category file has it, with no more digits than it needs. */
const yamlNumber = (value) => String(Number(value.toFixed(6)));

function showThreshold(index) {
  const place = byID("tried");
  if (!place) return;
  const category = categories[index];
  const threshold = triedThreshold ?? category.threshold;
  const { matches, heldBack } = countsAt(category, threshold);
  const { right, wrong, missed } = labelledAt(index, threshold);
  const change = matches - category.matches;
  const parts = [`${yamlNumber(threshold)}: ${plural(matches, "match", "matches")}${change ? ` (${change > 0 ? "+" : "−"}${count(Math.abs(change))})` : ""}`,
    heldBack ? `${count(heldBack)} held back` : "",
    right + wrong + missed > 0 ? `of your labels ${count(right)} right, ${count(wrong)} wrongly matched, ${count(missed)} missed` : ""];
  place.textContent = parts.filter(Boolean).join(" · ");
  byID("threshold").setAttribute("aria-valuetext", place.textContent);
  byID("tried-reset").disabled = triedThreshold === undefined;
  moveMark("moved", triedThreshold, () => 0);
}
