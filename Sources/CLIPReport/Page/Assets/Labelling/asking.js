const ANSWERS = [[1, "y", "Yes"], [0, "n", "No"], [UNSURE, "u", "Not sure"]];

/** Shows the task at the current place of the queue. */
function showTask() {
  const task = queue[place];
  byID("task").hidden = task === undefined;
  byID("finished").hidden = task !== undefined;
  if (!task) return showFinished();
  const { item } = task, { name } = categories[task.category];
  const label = labelOfTask(task);
  byID("question").replaceChildren("Does this belong to “", element("b", {}, name), "”?");
  byID("count").textContent = `${count(place + 1)} of ${count(queue.length)}`;
  byID("image").replaceChildren(picture(item, { alt: "The image to label", isLazy: false }));
  byID("original").replaceChildren(...present([originalLink(item)]));
  byID("guide").replaceChildren(guide(categories[task.category]));
  for (const button of byID("answers").children) button.setAttribute("aria-pressed", button.dataset.label === String(label));
  byID("others").replaceChildren(...otherTasks(task));
  const opinions = review === "disputed" ? [...labels.opinions(item.id, name)] : [];
  const giver = giverOf(labels, item.id, name, annotatorName());
  byID("opinions").textContent = opinions.map(([person, other]) => `${person}: ${labelName(other, name)}`)
    .concat(opinions.length > 0 ? `${giver === annotatorName() ? "you" : nameOf(giver)}: ${labelName(label, name)}` : []).join(" · ");
  byID("back").disabled = place === 0;
  byID("skip-image").disabled = place >= queue.length;
  prepare(queue.slice(place + 1, place + 4));
  return undefined;
}

/** Where an image is labelled for several categories at once, the others, to go to. */
function otherTasks(task) {
  const ofImage = isByImage ? queue.map((each, at) => [each, at]).filter(([each]) => each.item === task.item) : [];
  if (ofImage.length < 2) return [];
  return ofImage.map(([each, at]) => element("button", { type: "button", class: "small", "aria-current": each === task ? "step" : null,
    onclick: () => goToTask(at) }, `${categories[each.category].name}: ${isOpen(each) ? "open" : labelName(labelOfTask(each))}`));
}

/** Decodes the next images, so that they are there when they are shown. */
function prepare(next) {
  for (const { item } of next) {
    const { thumbnail } = item.picture;
    if (thumbnail === undefined || item.isPrepared) continue;
    item.isPrepared = true;
    const image = new Image();
    image.src = thumbnailURL(thumbnail);
    image.decode().catch(() => {});
  }
}

function showFinished() {
  const open = tasks.filter(isOpen).length;
  byID("finished-text").textContent = review !== "all" ? "Nothing is left to look at again."
    : open > 0 ? `${plural(open, "label is", "labels are")} missing.` : "All images are labelled. Save the labels.";
  byID("finished-open").hidden = open === 0 || review !== "all";
}

function goToTask(at) {
  place = Math.min(Math.max(at, 0), queue.length);
  showTask();
  showAdvice();
  // The buttons are gone, and screen readers read what has the focus.
  if (!queue[place]) byID("finished-text").focus();
}

/** Gives the current task a label, and moves to the next one without. */
function labelTask(label) {
  const task = queue[place];
  if (!task) return;
  const { name } = categories[task.category];
  const change = { id: task.item.id, category: name, label, annotator: annotatorName(), probability: task.probability, round: task.round };
  isMovingOn = true;
  labels.change(`${labelName(label, name)}, image ${count(place + 1)}`, [change]);
  isMovingOn = false;
  const next = review === "all" ? nextOpen(place + 1) : place + 1;
  goToTask(next ?? queue.length);
}
let isMovingOn = false;

/** Goes to where an image is labelled for a category, after undo and redo. */
function showImage(id, category) {
  const at = queue.findIndex(({ item, category: index }) => item.id === id && categories[index].name === category);
  if (at >= 0) goToTask(at);
}

function startAsking() {
  byID("answers").append(...ANSWERS.map(([label, key, text]) => element("button", { type: "button", "data-label": label, "aria-keyshortcuts": key,
    onclick: () => labelTask(label) }, text, element("kbd", { "aria-hidden": "true" }, key))));
  byID("back").addEventListener("click", () => goToTask(place - 1));
  byID("skip-image").addEventListener("click", () => goToTask(place + 1));
  byID("image").addEventListener("click", () => enlarge(queue[place].item, "The image to label"));
  byID("finished-open").addEventListener("click", () => goToTask(nextOpen(0) ?? queue.length));
  for (const name of Object.keys(REVIEWS)) {
    byID(`review-${name}`).addEventListener("click", () => {
      review = name;
      fillQueue();
      goToTask(name === "all" ? nextOpen(0) ?? queue.length : 0);
    });
  }
  const order = byID("order");
  order.value = isByImage ? "image" : "category";
  order.parentNode.hidden = categories.length < 2;
  order.addEventListener("change", () => {
    isByImage = order.value === "image";
    remember(ORDER_KEY, order.value);
    fillQueue();
    goToTask(place);
  });
  const target = byID("target");
  target.value = String(targetHalf());
  target.addEventListener("change", () => {
    remember(TARGET_KEY, target.value);
    forgetAdvice();
    showAdvice();
  });
}
