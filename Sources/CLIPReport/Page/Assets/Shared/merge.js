const CONTRADICTIONS_SHOWN = 200;

/**
 * Compares the rows of a labels file with the labels here.
 *
 * `knows` says whether the page has an image, or a category if the image is `null`.
 */
function compareLabels({ rows, isComplete }, labels, categories, knows) {
  const found = { added: [], same: [], contradicting: [], elsewhere: [], unknownCategories: new Map(), ambiguous: [] };
  const pairs = new Map();
  for (const row of isComplete ? completedRows(rows, categories) : rows) {
    if (row.category === null) continue;
    if (!categories.includes(row.category)) {
      found.unknownCategories.set(row.category, (found.unknownCategories.get(row.category) ?? 0) + 1);
      continue;
    }
    const key = JSON.stringify([row.id, row.category]);
    const earlier = pairs.get(key);
    if (!earlier) pairs.set(key, row);
    else if (earlier.label !== row.label) earlier.rival = row;
  }
  for (const row of pairs.values()) {
    const label = labels.get(row.id, row.category);
    if (row.rival) found.ambiguous.push(row);
    else if (!knows(row.id)) found.elsewhere.push(row);
    else if (label === undefined) found.added.push(row);
    else (label === row.label ? found.same : found.contradicting).push(row);
  }
  return found;
}

/** The labels of images of which each is fully labelled: also those that say that it does not belong to a category. */
function completedRows(rows, categories) {
  const members = new Map();
  for (const row of rows) {
    if (!members.has(row.id)) members.set(row.id, { row, names: new Set() });
    if (row.category !== null) members.get(row.id).names.add(row.category);
  }
  return [...members].flatMap(([id, { row, names }]) => [...new Set([...categories, ...names])]
    .map((category) => ({ ...row, id, category, label: names.has(category) ? 1 : 0 })));
}

/** Agreement of two people over the pairs that both labelled: the share, and Cohen's kappa (1960). */
function agreement(pairs) {
  const total = pairs.length, values = [1, 0, UNSURE];
  const share = (test) => pairs.filter(test).length / total;
  const observed = share(([a, b]) => a === b);
  const expected = values.reduce((sum, value) => sum + share(([a]) => a === value) * share(([, b]) => b === value), 0);
  return { total, agreeing: observed * total, kappa: expected === 1 ? 1 : (observed - expected) / (1 - expected) };
}

/** Asks what becomes of contradictions and of labels that the page cannot show; `undefined` if nothing shall be loaded. */
function askToMerge(fileName, found, isEverythingShown) {
  const { added, same, contradicting, elsewhere, unknownCategories, ambiguous } = found;
  const unknown = [...unknownCategories.values()].reduce((sum, number) => sum + number, 0);
  if (contradicting.length + elsewhere.length + unknown + ambiguous.length === 0) return { choice: "keep", keepsElsewhere: false };
  const option = (value, text, isChosen) => element("label", { class: "option" },
    element("input", { type: "radio", name: "contradictions", value, checked: isChosen }), ` ${text}`);
  const both = contradicting.map((row) => [row, labels.get(row.id, row.category)]);
  const { agreeing, total, kappa } = agreement([...both.map(([row, label]) => [label, row.label]), ...same.map(({ label }) => [label, label])]);
  const line = (text) => element("li", {}, text);
  const list = (rows, text) => element("details", {}, element("summary", {}, "Show them"),
    element("ul", { class: "plain" }, ...rows.slice(0, CONTRADICTIONS_SHOWN).map((row) => line(text(row))),
      rows.length > CONTRADICTIONS_SHOWN ? line(`and ${count(rows.length - CONTRADICTIONS_SHOWN)} more`) : null));
  const elsewhereBox = element("input", { type: "checkbox", checked: !isEverythingShown });
  const content = [
    element("p", {}, `${count(added.length)} new, ${count(same.length)} the same, ${contradicting.length === 1 ? "1 contradicts" : `${count(contradicting.length)} contradict`} yours.`),
    total > 0 ? element("p", {}, `Agreement: ${count(agreeing)} of ${plural(total, "label")} (${Math.round(agreeing / total * 100)} %), Cohen's kappa ${kappa.toFixed(2)}.`) : null,
    contradicting.length > 0 ? element("fieldset", {}, element("legend", {}, "Contradictions"),
      option("keep", "Keep yours", true), option("take", "Take the file's"), option("unsure", "Mark them as not sure, to decide later"),
      list(contradicting, (row) => `${row.id}: ${labelName(row.label, row.category)} in the file, ${labelName(labels.get(row.id, row.category), row.category)} here`)) : null,
    ambiguous.length > 0 ? element("div", {}, element("p", {}, `${plural(ambiguous.length, "image is", "images are")} labelled both ways within the file and left out.`),
      list(ambiguous, (row) => `${row.id}, ${row.category}: rows ${row.row} and ${row.rival.row}`)) : null,
    unknown > 0 ? element("p", {}, `${plural(unknown, "label")} of categories that are not on this page ${unknown === 1 ? "is" : "are"} left out: ${[...unknownCategories.keys()].slice(0, 10).join(", ")}.`) : null,
    elsewhere.length > 0 ? element("label", { class: "option" }, elsewhereBox,
      ` Keep ${plural(elsewhere.length, "label")} of images that are not on this page, for the saved file`) : null,
  ];
  return new Promise((done) => {
    const dialog = showDialog(`Load ${fileName}`, content, [
      ["Load", () => done({ choice: dialog.querySelector("[name=contradictions]:checked")?.value ?? "keep", keepsElsewhere: elsewhereBox.checked })],
      ["Cancel", () => done(undefined)],
    ]);
  });
}

/** The changes that load a file's labels. `annotator` labelled the file, and `self` the labels here. */
function mergeChanges(found, { choice, keepsElsewhere }, annotator, self) {
  const isOther = annotator !== self;
  const change = (row, label) => ({ ...row, label, isSaved: label === row.label, annotator: row.annotator || annotator });
  const opinion = (row) => isOther ? { annotator: row.annotator || annotator, label: row.label } : undefined;
  return [
    ...found.added.map((row) => change(row, row.label)),
    ...(keepsElsewhere ? found.elsewhere.map((row) => change(row, row.label)) : []),
    ...(isOther ? found.same.map(({ id, category, label }) => ({ id, category, opinion: opinion({ label }) })) : []),
    ...found.contradicting.map((row) => {
      const base = { id: row.id, category: row.category, opinion: opinion(row) };
      if (choice === "take") return { ...change(row, row.label), opinion: isOther ? { annotator: self || "you", label: labels.get(row.id, row.category) } : undefined };
      return choice === "unsure" ? { ...base, label: UNSURE, annotator: self } : base;
    }),
  ].filter((change) => "label" in change || change.opinion);
}
