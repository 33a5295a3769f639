/** Saving, loading, undoing: what both pages do with labels as a whole. */
const annotatorKey = "clip-labels annotator";
const annotatorName = () => remembered(annotatorKey) ?? "";

function save() {
  const rows = labelRows();
  if (rows.length === 0) return saveNothing();
  const person = annotatorName().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  // Labels with and without probabilities do not mix in one file.
  const drawn = rows.filter(({ probability }) => probability), others = rows.filter(({ probability }) => !probability);
  for (const [kind, part] of [["", others], [others.length > 0 ? "drawn" : "", drawn]]) {
    if (part.length === 0) continue;
    const address = URL.createObjectURL(new Blob([formatLabels(part)], { type: "text/csv" }));
    element("a", { href: address, download: [savedName, kind, person].filter(Boolean).join("-") + ".csv" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
  labels.markSaved(rows);
  toast(`${plural(rows.filter(({ label }) => label !== "").length, "label")} saved`);
}

/** Without labels there is no file to write; who has removed all knows that earlier files have them. */
function saveNothing() {
  const isAnyRemoved = labels.unsavedCount > 0;
  labels.markSaved([]);
  toast(isAnyRemoved ? "No labels are left to save. Files that you saved before still have theirs." : "There are no labels to save.");
}

async function load(file) {
  let parsed;
  try {
    parsed = parseLabels(await file.text());
  } catch (error) {
    return toast(`${file.name} is not a labels file: ${error.message}.`);
  }
  const self = annotatorName();
  // Rows that name nobody are another person's only if those labelled here name somebody.
  const found = compareLabels(parsed, labels, categories.map(({ name }) => name), { knows, self, unnamed: self && file.name });
  const decided = await askToMerge(file.name, found, agreements(found, self), othersAreKept);
  if (!decided) return undefined;
  const changes = mergeChanges(found, decided, self);
  if (changes.length === 0) return toast(`${file.name} has nothing new.`);
  labels.change(`loading ${file.name}`, changes);
  const loaded = changes.filter((change) => "label" in change).length, compared = changes.length - loaded;
  const parts = [loaded > 0 ? `${plural(loaded, "label")} loaded` : "", compared > 0 ? `${plural(compared, "label")} compared` : ""];
  return toast(parts.filter(Boolean).join(", "), { name: "Undo", run: () => step("undo") });
}

/** Undoes or redoes a step, and shows where it was. */
function step(direction) {
  const made = labels[direction]();
  if (!made) return toast(`Nothing to ${direction}.`);
  const left = made.skipped > 0 ? `; ${count(made.skipped)} changed since and stay` : "";
  toast(`${direction === "undo" ? "Undone" : "Redone"}: ${made.title}${left}`);
  if (made.changes.length === 1) showImage(made.changes[0].id, made.changes[0].category);
  return undefined;
}

/** Shows what can be undone, and what is not saved. */
function showFileState() {
  const number = labels.count, unsaved = labels.unsavedCount, { undo, redo } = labels.next;
  byID("progress").textContent = [plural(number, "label"), unsaved ? `${count(unsaved)} not saved` : ""].filter(Boolean).join(", ");
  byID("save").disabled = number === 0 && unsaved === 0;
  byID("undo").disabled = !undo;
  byID("redo").disabled = !redo;
  byID("undo").title = undo ? `Undo: ${undo.title}` : "Nothing to undo";
  byID("redo").title = redo ? `Redo: ${redo.title}` : "Nothing to redo";
  byID("blocked").hidden = !labels.isBlocked;
  const others = labelsElsewhere().length;
  byID("elsewhere").hidden = others === 0;
  byID("elsewhere").textContent = `Remove ${plural(others, "label")} that this page does not show`;
}

/** Labels that the page cannot show: of a file that was loaded, or of an earlier page on the same images. */
const labelsElsewhere = () => labels.rows().filter(({ id, category }) => !knows(id, category));

function startFiles() {
  byID("elsewhere").addEventListener("click", () => {
    labels.change("labels that this page does not show", labelsElsewhere().map(({ id, category }) => ({ id, category, label: undefined })));
  });
  byID("save").addEventListener("click", save);
  byID("undo").addEventListener("click", () => step("undo"));
  byID("redo").addEventListener("click", () => step("redo"));
  byID("load").addEventListener("click", () => byID("file").click());
  byID("file").addEventListener("change", async ({ target }) => {
    for (const file of [...target.files]) await load(file);
    target.value = "";
  });
  addEventListener("beforeunload", (event) => {
    if (labels.unsavedCount > 0) event.preventDefault();
  });
  const name = byID("annotator");
  name.value = annotatorName();
  name.addEventListener("change", () => remember(annotatorKey, name.value.trim() || undefined));
  labels.onChange(showFileState);
  showFileState();
}
