const UNSURE = "unsure";

const LABEL_WORDS = {
  1: 1, 0: 0, "1.0": 1, "0.0": 0, true: 1, false: 0, yes: 1, no: 0, [UNSURE]: UNSURE,
};

/** What a label is called, for one category or for any. */
const labelName = (label, category) =>
  ({ 1: category ?? "belongs", 0: category === undefined ? "does not belong" : `not ${category}`, [UNSURE]: "not sure" })[label] ?? "not labelled";

/**
 * Parses a labels file, in the forms that `clip-cli evaluate` reads.
 *
 * Returns the rows as `{id, category, label, probability, round, annotator, row}`, where rows count from 1 without the
 * header and `category` is `null` for an image that belongs to none; `isComplete` if a listed image belongs to no other
 * categories than those given for it. Rows without a label are left out where there are probabilities. Throws an Error with
 * the reason if the file is malformed.
 */
function parseLabels(text) {
  const [header = [], ...rows] = parseDelimited(text);
  const names = header.map((name) => name.trim().toLowerCase());
  const column = (name) => names.indexOf(name);
  const isComplete = column("label") < 0;
  if (column("id") < 0 || column("category") < 0 || (isComplete && names.length > 2)) {
    throw new Error(names.some((name) => name === "categories" || name.startsWith("score_"))
      ? "these are results, not labels" : "its first line must contain id,category,label");
  }
  const parsed = rows.map((row, index) => parsedRow(row, column, index + 1, isComplete)).filter(Boolean);
  if (parsed.length === 0) throw new Error("it has no labels");
  return { rows: parsed, isComplete };
}

function parsedRow(row, column, number, isComplete) {
  const value = (name) => column(name) < 0 ? "" : (row[column(name)] ?? "");
  const id = value("id"), category = value("category");
  if (id === "" || (category === "" && !isComplete)) throw new Error(`row ${number} lacks an id or a category`);
  const found = { id, category: category || null, row: number, probability: value("probability"), round: value("round"),
    annotator: value("annotator") };
  if (isComplete) return { ...found, label: category ? 1 : 0 };
  const word = value("label").trim().toLowerCase();
  if (word === "" && column("probability") >= 0) return null;
  if (!Object.hasOwn(LABEL_WORDS, word)) {
    throw new Error(`row ${number} has “${value("label")}” as its label; write 1 or 0, true or false, yes or no, or ${UNSURE}`);
  }
  return { ...found, label: LABEL_WORDS[word] };
}

/**
 * Writes labels of `{id, category, label, probability, round, annotator}` as a file. The columns after the label are there if
 * any row has them.
 */
function formatLabels(rows) {
  const optional = ["probability", "round", "annotator"].filter((name) => rows.some((row) => row[name]));
  const columns = ["id", "category", "label", ...optional];
  return formatCSV([columns, ...rows.map((row) => columns.map((name) => row[name]))]);
}
