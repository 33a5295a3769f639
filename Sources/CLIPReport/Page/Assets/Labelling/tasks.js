const page = JSON.parse(byID("data").textContent);
const categories = page.categories;

/** What is to be labelled: an image for a category, in a shuffled order. */
const tasks = page.items.flatMap((item) => item.tasks.map(([category, probability, round, cell, given]) =>
  ({ item, category, probability, round, cell, given: given ?? undefined })));
const tasksOf = categories.map((_, index) => tasks.filter(({ category }) => category === index));
const tasksByID = new Map(categories.map(({ name }, index) => [name, new Map(tasksOf[index].map((task) => [task.item.id, task]))]));
const taskOf = (id, category) => tasksByID.get(category)?.get(id);

/** The labels of the file from which this page was made count where nobody gave another one here. */
const labels = makeLabels(page.identity, (id, category) => taskOf(id, category)?.given);
const labelOfTask = ({ item, category }) => labels.get(item.id, categories[category].name);
const isOpen = (task) => labelOfTask(task) === undefined;
const isDisputed = ({ item, category }) => labels.isDisputed(item.id, categories[category].name);

const savedName = stem(page.title);
const knows = (id, category) => taskOf(id, category) !== undefined;
/** The saved file has the rows that were drawn and no others. */
const othersAreKept = undefined;

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

/** The place of the first task without a label, from a place on and then from the start; undefined if all are labelled. */
function nextOpen(from) {
  for (let step = 0; step < queue.length; step++) {
    const at = (from + step) % queue.length;
    if (isOpen(queue[at])) return at;
  }
  return undefined;
}
