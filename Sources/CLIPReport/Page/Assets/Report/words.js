/** A score with three decimals, or three significant digits if it is at least 1000; or with more `digits`. */
function decimal(value, { sign = false, digits = 3 } = {}) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  const text = size >= 1000 ? size.toPrecision(digits) : size.toFixed(digits);
  const isZero = Number(text) === 0;
  return (isZero ? "" : value < 0 ? "−" : sign ? "+" : "") + text;
}

/** Two numbers, with as many digits as tell them apart. */
function toldApart(one, other) {
  for (let digits = 3; digits < 50; digits++) {
    const texts = [one, other].map((value) => decimal(value, { digits }));
    if (one === other || texts[0] !== texts[1]) return texts;
  }
  return [one, other].map(String);
}

/** A distance with three decimals, which is never zero. */
const distance = (value) => Math.abs(value) < 0.0005 ? "less than 0.001" : decimal(Math.abs(value));

const percent = (share) => `${Math.round(share * 100)} %`;

/** The decision on an image for a category, as a sentence; `limits` are those that it was made with. */
function explanation(score, limits = { threshold: categories[score.category].threshold, margin: report.neutralMargin }) {
  const { name } = categories[score.category];
  const { threshold, margin } = limits;
  const limit = `the threshold ${decimal(threshold)}`;
  const neutral = score.neutral === null ? null
    : `neutral ${decimal(score.neutral)}${margin ? ` + margin ${decimal(margin)}` : ""}`;
  switch (score.outcome) {
    case MATCH:
      return `In “${name}”: the score ${decimal(score.score)} reaches ${limit}`
        + (neutral ? `, and positive ${decimal(score.positive)} reaches ${neutral}.` : ".");
    case HELD_BACK:
      return `Not in “${name}”: the score ${decimal(score.score)} reaches ${limit}, but positive `
        + `${decimal(score.positive)} is below ${neutral}.`;
    default:
      return `Not in “${name}”: the score ${decimal(score.score)} is ${distance(threshold - score.score)} below ${limit}.`;
  }
}

/** What another run decided, as a sentence. */
function earlierExplanation(score) {
  const { categories: compared, neutralMargin } = report.changes;
  const { earlierThreshold } = compared.find(({ category }) => category === score.category);
  return `Before: ${explanation(score, { threshold: earlierThreshold, margin: neutralMargin })}`;
}

/** How far an image is from matching: 0 for a match, otherwise negative. */
function shortfall(score) {
  if (score.outcome === MATCH) return 0;
  if (score.outcome === HELD_BACK) return score.positive - score.neutral - report.neutralMargin;
  return score.score - categories[score.category].threshold;
}
