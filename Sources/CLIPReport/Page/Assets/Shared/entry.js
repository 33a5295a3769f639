/** Whether a file has the label of an entry, or one that was replaced since; a removed label is not saved until no file has it. */
const isInFile = ([label, time, , , , wasSaved], savedTime) =>
  label === null ? time > savedTime : time <= savedTime || wasSaved === 1;

/** An entry before it is undone: a label that was loaded, and not saved since, is then in no file of this page. */
const undone = ([label, time, ...rest]) => [label, label !== null && time === 0 ? Infinity : time, ...rest];

/** The entry that takes the place of another, if there is one; `null` if nothing has to be kept. */
function replacing(other, [label, time, annotator, probability, round], savedTime) {
  const wasSaved = Boolean(other && isInFile(other, savedTime));
  if (label !== null) return [label, time, annotator, probability, round, wasSaved ? 1 : 0];
  return wasSaved ? [null, time, annotator, probability, round] : removed(annotator, probability, round);
}

/** A removed label that leaves nothing to save: what is kept is with which probability the image was drawn. */
const removed = (annotator, probability, round) => (probability ? [null, 0, annotator, probability, round] : null);

/** The entry after others were saved at a time, and this one only if `isWritten`; `null` if nothing has to be kept. */
function afterSaving(entry, isWritten, time, savedTime) {
  const [label, since, ...rest] = entry;
  if (label === null) return removed(...rest);
  if (isWritten) return since === 0 || since > time ? [label, time, ...rest] : entry;
  return since > savedTime ? [label, time + 1, ...rest] : entry;
}
