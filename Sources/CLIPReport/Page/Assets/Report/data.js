const report = JSON.parse(byID("data").textContent);
const categories = report.categories;
const OUTCOMES = ["match", "held back by the neutral test", "below the threshold"];
const KINDS = ["match", "held", "below"];
const MATCH = 0, HELD_BACK = 1, BELOW = 2;

const readScore = ([category, outcome, score, positive, negative, neutral]) =>
  ({ category, outcome, score: Number(score), positive: Number(positive), negative, neutral });

for (const image of report.images) {
  image.scores = new Map(image.scores.map((score) => [score[0], readScore(score)]));
}
for (const card of report.changes?.cards ?? []) card[3] = readScore(card[3]);

const imagePlaces = new Map(report.images.map(({ id }, place) => [id, place]));
const categoryPlaces = new Map(categories.map(({ name }, place) => [name, place]));
const labels = makeLabels(report.identity);

/** All labels, in the order of the page. */
const labelRows = () => {
  const placeOf = (places, name) => places.get(name) ?? places.size;
  return labels.rows().sort((a, b) => placeOf(categoryPlaces, a.category) - placeOf(categoryPlaces, b.category)
    || placeOf(imagePlaces, a.id) - placeOf(imagePlaces, b.id));
};
const savedName = `${stem(report.title)}-labels`;
const knows = (id, category) => imagePlaces.has(id) && categoryPlaces.has(category);
const othersAreKept = report.images.length < report.imageCount;

/** Whether the decision on an image is labelled right (true), wrong (false) or not at all (undefined). */
function verdict(image, category) {
  const label = labels.get(image.id, categories[category].name);
  return label === undefined || label === UNSURE ? undefined : (label === 1) === (image.scores.get(category).outcome === MATCH);
}

const isLabelled = (image, category) => labels.get(image.id, categories[category].name) !== undefined;
const labelledCount = (index) => categories[index].cards.filter(([image]) => isLabelled(report.images[image], index)).length;

/** The 95 % confidence interval of a proportion observed `right` times out of `total` (Wilson, 1927). */
function wilson(right, total) {
  const z = 1.96, share = right / total, scale = 1 + z * z / total;
  const centre = (share + z * z / (2 * total)) / scale;
  const half = z * Math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / scale;
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/**
 * The precision that the labels of a category's matches tell, where these are all matches or a random sample of them. Before
 * all of the sample are labelled it is not known: matches are shown from the highest score, so the first ones are the best.
 */
function precision(index) {
  const category = categories[index];
  const matches = category.cards.filter(([image]) => report.images[image].scores.get(index).outcome === MATCH);
  const isRandom = matches.length < category.matches;
  const sample = isRandom ? matches.filter(([, , random]) => random) : matches;
  const ticks = sample.map(([image]) => verdict(report.images[image], index));
  const labelled = sample.filter(([image]) => isLabelled(report.images[image], index)).length;
  const total = ticks.filter((tick) => tick !== undefined).length;
  return { isRandom, size: sample.length, labelled, total, right: ticks.filter(Boolean).length,
    isComplete: total > 0 && labelled === sample.length };
}
