/** The labels of images by category: 1 if the image belongs to the category, 0 if not. */
const labels = (() => {
  const storageKey = `clip-report ${report.identity}`;
  const byCategory = new Map();
  const undoable = [];
  let isKept = true;

  function put(id, category, label) {
    if (!byCategory.has(category)) byCategory.set(category, new Map());
    if (label === undefined) byCategory.get(category).delete(id);
    else byCategory.get(category).set(id, label);
  }

  const get = (id, category) => byCategory.get(category)?.get(id);

  function rows() {
    const known = new Map(categories.map(({ name }, index) => [name, index]));
    const order = (name) => known.get(name) ?? known.size;
    return [...byCategory].sort(([a], [b]) => order(a) - order(b))
      .flatMap(([category, labels]) => [...labels].map(([id, label]) => [id, category, label]));
  }

  /** Stores the labels in the browser, if it allows this, so that they survive a reload. */
  function keep() {
    try {
      localStorage.setItem(storageKey, JSON.stringify(rows()));
      isKept = true;
    } catch {
      if (isKept) toast("This browser does not store labels. Save them before you leave the page.");
      isKept = false;
    }
  }

  try {
    for (const [id, category, label] of JSON.parse(localStorage.getItem(storageKey) ?? "[]")) put(id, category, label);
  } catch {
    isKept = false;
  }

  return {
    get,
    rows,
    get count() { return [...byCategory.values()].reduce((sum, labels) => sum + labels.size, 0); },

    /** Sets a label, or removes it if `undefined`. */
    set(id, category, label) {
      undoable.push([id, category, get(id, category)]);
      put(id, category, label);
      keep();
    },

    /** Reverts the last change and returns it, or `undefined` if there is none. */
    undo() {
      const last = undoable.pop();
      if (last) {
        put(...last);
        keep();
      }
      return last;
    },

    /** Adds the labels of a file, which replace existing ones. */
    load(text) {
      const loaded = parseLabels(text);
      for (const [id, category, label] of loaded) put(id, category, label);
      keep();
      return loaded.length;
    },
  };
})();

/** Whether the decision on an image is labelled right (true), wrong (false) or not at all (undefined). */
function verdict(image, category) {
  const label = labels.get(image.id, categories[category].name);
  return label === undefined ? undefined : (label === 1) === (image.scores.get(category).outcome === MATCH);
}

/** The 95 % confidence interval of a proportion observed `right` times out of `total` (Wilson, 1927). */
function wilson(right, total) {
  const z = 1.96, share = right / total, scale = 1 + z * z / total;
  const centre = (share + z * z / (2 * total)) / scale;
  const half = z * Math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / scale;
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** Counts of right and labelled matches in the random sample of a category, to estimate its precision. */
function precision(index) {
  const category = categories[index];
  const matches = category.cards.filter(([image]) => report.images[image].scores.get(index).outcome === MATCH);
  const sample = matches.length === category.matches ? matches : matches.filter(([, , isRandom]) => isRandom);
  const ticks = sample.map(([image]) => verdict(report.images[image], index)).filter((tick) => tick !== undefined);
  return { size: sample.length, total: ticks.length, right: ticks.filter(Boolean).length };
}

const tickedCount = (index) =>
  categories[index].cards.filter(([image]) => verdict(report.images[image], index) !== undefined).length;
