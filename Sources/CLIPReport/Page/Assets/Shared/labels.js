/**
 * The labels of images by category: 1 if the image belongs to the category, 0 if not, `UNSURE` if a person could not tell.
 *
 * Changes are made in steps that can be undone; the browser keeps them, and other tabs with the same page follow. `given`
 * returns labels that the page came with, which count until they are changed.
 */
function makeLabels(identity, given = () => undefined) {
  const kept = makeKept(identity);
  const steps = makeSteps(identity);
  const byCategory = new Map();
  const opinions = new Map();
  const listeners = [];
  let savedTime = kept.savedTime;

  const within = (map, category) => map.get(category) ?? map.set(category, new Map()).get(category);
  const entryOf = (id, category) => byCategory.get(category)?.get(id);
  const ownLabel = (id, category) => entryOf(id, category)?.[0] ?? undefined;
  const labelOf = (id, category) => ownLabel(id, category) ?? given(id, category);

  function setEntry(id, category, entry) {
    if (entry) within(byCategory, category).set(id, entry);
    else byCategory.get(category)?.delete(id);
  }

  function setOpinion(id, category, annotator, label) {
    const ofImage = within(within(opinions, category), id);
    if (label === undefined) ofImage.delete(annotator);
    else ofImage.set(annotator, label);
  }

  /** Applies `{id, category, entry, opinion}`; an absent `entry` leaves the label as it is, and `null` forgets it. */
  function apply({ id, category, entry, opinion }) {
    if (entry !== undefined) {
      setEntry(id, category, entry);
      kept.put(id, category, entry ?? undefined);
    }
    if (opinion) {
      setOpinion(id, category, opinion.annotator, opinion.label);
      kept.putOpinion(id, category, opinion.annotator, opinion.label);
    }
  }

  const announce = (changes) => listeners.forEach((listener) => listener(changes));
  const now = () => Math.max(Date.now(), savedTime + 1);

  function take([category, id, annotator], value) {
    if (annotator !== undefined) setOpinion(id, category, annotator, value?.[0]);
    else setEntry(id, category, value);
  }

  kept.readAll(take);
  kept.watch((parts, value) => {
    take(parts, value);
    announce([{ id: parts[1], category: parts[0] }]);
  }, (time) => {
    savedTime = time;
    announce([]);
  });

  /** Reverts or repeats a step, except where a label was changed otherwise since; returns it with the number left alone. */
  function replay(step, by, from, to) {
    if (!step) return undefined;
    const fitting = step.changes.filter((change) => change[from] === undefined
      || (ownLabel(change.id, change.category) ?? null) === (change[from]?.[0] ?? null));
    for (const { id, category, opinion, [to]: entry } of fitting) {
      const isKept = to === "after";
      const [label = null, , ...rest] = entry ?? [], other = entryOf(id, category);
      const renewed = entry === undefined ? undefined
        : replacing(isKept || !other ? other : undone(other), [label, now(), ...rest], savedTime);
      apply({ id, category, entry: renewed, opinion: opinion && { ...opinion, label: isKept ? opinion.label : opinion.before } });
    }
    steps.move(by);
    announce(fitting);
    return { ...step, skipped: step.changes.length - fitting.length };
  }

  return {
    get: labelOf,
    /** Who gave a label, if that is known. */
    annotator: (id, category) => (ownLabel(id, category) === undefined ? undefined : entryOf(id, category)[2] || undefined),
    /** Whether a label came with the page, and nobody gave another one here. */
    isGiven: (id, category) => ownLabel(id, category) === undefined && given(id, category) !== undefined,
    /** What other people said, as a map from name to label. */
    opinions: (id, category) => opinions.get(category)?.get(id) ?? new Map(),
    /** Whether somebody else gave another label. */
    isDisputed: (id, category) => {
      const label = labelOf(id, category);
      const others = opinions.get(category)?.get(id);
      return label !== undefined && others !== undefined && [...others.values()].some((other) => other !== label);
    },
    onChange: (listener) => listeners.push(listener),
    get isBlocked() { return kept.isBlocked; },
    get next() { return steps.next; },

    /** All labels, as `{id, category, label, annotator, probability, round}`. */
    rows: () => [...byCategory].flatMap(([category, entries]) => [...entries].filter(([, entry]) => entry[0] !== null)
      .map(([id, [label, , annotator, probability, round]]) => ({ id, category, label, annotator, probability, round }))),
    get count() {
      let sum = 0;
      for (const entries of byCategory.values()) for (const entry of entries.values()) if (entry[0] !== null) sum++;
      return sum;
    },
    /** The number of labels that were set or removed since the last save. */
    get unsavedCount() {
      let sum = 0;
      for (const entries of byCategory.values()) for (const entry of entries.values()) if (entry[1] > savedTime) sum++;
      return sum;
    },

    /**
     * Makes one step of changes `{id, category, label, annotator, probability, round, opinion, isSaved}`; a label of `undefined`
     * removes it, a change without the property leaves it.
     */
    change(title, changes) {
      const made = changes.map(({ id, category, annotator, probability, round, opinion, isSaved, ...rest }) => {
        const before = entryOf(id, category) ?? null;
        const entry = [rest.label ?? null, isSaved ? 0 : now(), annotator ?? "", probability || before?.[3], round || before?.[4]];
        const after = "label" in rest ? replacing(before, entry, savedTime) : undefined;
        const earlier = opinion && opinions.get(category)?.get(id)?.get(opinion.annotator);
        return { id, category, before: after === undefined ? undefined : before, after, opinion: opinion && { ...opinion, before: earlier } };
      });
      for (const { id, category, after, opinion } of made) apply({ id, category, entry: after, opinion });
      steps.add({ title, changes: made });
      announce(made);
    },

    undo: () => replay(steps.next.undo, -1, "after", "before"),
    redo: () => replay(steps.next.redo, 1, "before", "after"),

    /** Remembers that these rows are in a file now; other labels are as unsaved as before. */
    markSaved(rows) {
      const keyOf = (id, category) => JSON.stringify([category, id]);
      const written = new Set(rows.map(({ id, category }) => keyOf(id, category)));
      const time = now();
      for (const [category, entries] of byCategory) {
        for (const [id, entry] of entries) {
          const left = afterSaving(entry, written.has(keyOf(id, category)), time, savedTime);
          if (left !== entry) apply({ id, category, entry: left });
        }
      }
      savedTime = time;
      kept.savedTime = time;
      announce([]);
    },
  };
}
