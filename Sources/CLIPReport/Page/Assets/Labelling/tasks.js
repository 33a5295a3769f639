const page = JSON.parse(byID("data").textContent);
const categories = page.categories;
const labels = makeLabels(page.identity);

/** What is to be judged: an image for a category, in a shuffled order. */
const tasks = page.items.flatMap((item) => item.tasks.map(([category, probability, round, cell, given]) =>
  ({ item, category, probability, round, cell, given: given ?? undefined })));
const tasksOf = categories.map((_, index) => tasks.filter(({ category }) => category === index));

/** A task's label: of the file from which this page was made, if nobody judged it here. */
const labelOfTask = ({ item, category, given }) => labels.get(item.id, categories[category].name) ?? given;
const isOpen = (task) => labelOfTask(task) === undefined;
const isDisputed = ({ item, category }) => labels.isDisputed(item.id, categories[category].name);

const pageFileName = () => page.title.replace(/\.[^.]*$/, "");
const knownIDs = new Set(page.items.map(({ id }) => id));
const hasImage = (id) => knownIDs.has(id);
const isEveryImageShown = () => true;

/** All rows of the file that is to be labelled, with the labels so far. */
const labelRows = () => tasks.map((task) => {
  const { item, category, probability, round } = task;
  const name = categories[category].name;
  return { id: item.id, category: name, label: labelOfTask(task) ?? "", probability, round, annotator: labels.annotator(item.id, name) };
});

const ORDER_KEY = `clip-labels order ${page.identity}`;
let isByImage = remembered(ORDER_KEY) === "image";

/** The tasks to go through: all, or only those that somebody wants to look at again. */
let review = "all";
const REVIEWS = { all: () => true, unsure: (task) => labelOfTask(task) === UNSURE, disputed: isDisputed };
let queue = [];
let place = 0;

function fillQueue() {
  const ordered = isByImage ? tasks : tasksOf.flat();
  const before = queue[place];
  queue = ordered.filter(REVIEWS[review]);
  place = Math.max(0, queue.indexOf(before));
}

/** The place of the first task without a label, from a place on and then from the start; undefined if all are judged. */
function nextOpen(from) {
  for (let step = 0; step < queue.length; step++) {
    const at = (from + step) % queue.length;
    if (isOpen(queue[at])) return at;
  }
  return undefined;
}
