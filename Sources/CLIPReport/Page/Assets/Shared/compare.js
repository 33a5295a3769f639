/**
 * Compares the rows of a labels file with the labels here.
 *
 * A row without an annotator is by `unnamed`. `knows` says whether the page shows an image for a category. The rows that are
 * found have a `person`, and `isOther` if somebody else gave the label here; those with a label here have it as `here`, and who
 * gave it as `giver`, which is not known of labels that came with the page.
 */
function compareLabels({ rows, isComplete }, labels, categories, { knows, self, unnamed }) {
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
    if (!earlier) pairs.set(key, { ...row, person: row.annotator || unnamed });
    else if (earlier.label !== row.label) earlier.rival = row;
  }
  for (const row of pairs.values()) {
    const { id, category, person } = row;
    row.here = labels.get(id, category);
    row.giver = giverOf(labels, id, category, self);
    row.isOther = person !== self && person !== row.giver;
    if (row.rival) found.ambiguous.push(row);
    else if (!knows(id, category)) found.elsewhere.push(row);
    else if (row.here === undefined) found.added.push(row);
    else (row.here === row.label ? found.same : found.contradicting).push(row);
  }
  return found;
}

/** Who gave a label here; `undefined` for one that came with the page. */
const giverOf = (labels, id, category, self) => labels.annotator(id, category) ?? (labels.isGiven(id, category) ? undefined : self);

/** What whoever gave a label is called. */
const nameOf = (giver) => giver === undefined ? "an earlier round" : giver || "you";

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

/** How far others agree with the labels that `self` gave, by person: of the pairs that both labelled, those with equal labels. */
function agreements({ same, contradicting }, self) {
  const pairs = new Map();
  for (const { person, giver, isOther, here, label } of [...same, ...contradicting]) {
    if (isOther && giver === self) pairs.set(person, [...(pairs.get(person) ?? []), [here, label]]);
  }
  return [...pairs].map(([person, ofPerson]) => ({ person, ...agreement(ofPerson) }));
}

/** Agreement of two people over the pairs that both labelled: their number, and Cohen's kappa (1960). */
function agreement(pairs) {
  const total = pairs.length, values = [1, 0, UNSURE];
  const share = (test) => pairs.filter(test).length / total;
  const observed = share(([a, b]) => a === b);
  const expected = values.reduce((sum, value) => sum + share(([a]) => a === value) * share(([, b]) => b === value), 0);
  return { total, agreeing: Math.round(observed * total), kappa: expected === 1 ? 1 : (observed - expected) / (1 - expected) };
}

/** The changes that load a file's labels; `choice` says what becomes of contradictions. */
function mergeChanges({ added, same, contradicting, elsewhere }, { choice, keepsElsewhere }, self) {
  const taken = (row) => ({ ...row, isSaved: true, annotator: row.person });
  const heard = ({ id, category, person, label, isOther }) => ({ id, category, opinion: isOther ? { annotator: person, label } : undefined });
  const contradicted = {
    keep: heard,
    take: (row) => ({ ...taken(row), opinion: row.isOther ? { annotator: nameOf(row.giver), label: row.here } : undefined }),
    unsure: (row) => ({ ...heard(row), label: UNSURE, annotator: self }),
  }[choice];
  return [...added.map(taken), ...(keepsElsewhere ? elsewhere.map(taken) : []), ...same.map(heard), ...contradicting.map(contradicted)]
    .filter((change) => "label" in change || change.opinion);
}
