/**
 * What the browser keeps of a page's labels: each label is an entry of its own, so that two tabs never overwrite each
 * other's. Entries are `[label, time, annotator, probability, round, wasSaved]`, where a label of `null` was removed,
 * `time` is 0 for one that was loaded and not saved since, and `wasSaved` is 1 if a file has an earlier label.
 */
function makeKept(identity) {
  const prefix = `clip-labels ${identity} `;
  const savedKey = `${prefix}saved`;
  const keyOf = (id, category) => prefix + JSON.stringify([category, id]);
  const opinionKeyOf = (id, category, annotator) => prefix + JSON.stringify([category, id, annotator]);
  let isBlocked = false;

  function write(key, value) {
    const isKept = remember(key, value);
    isBlocked ||= !isKept;
  }

  function keys() {
    try {
      return Array.from({ length: localStorage.length }, (_, place) => localStorage.key(place));
    } catch {
      isBlocked = true;
      return [];
    }
  }

  /** The category, the image and, for another person's label, that person; `undefined` for other keys. */
  function parts(key) {
    if (!key?.startsWith(`${prefix}[`)) return undefined;
    try {
      return JSON.parse(key.slice(prefix.length));
    } catch {
      return undefined;
    }
  }

  /** An entry; `undefined` if it cannot be read. */
  function read(text) {
    try {
      const entry = JSON.parse(text);
      if (Array.isArray(entry)) return entry;
    } catch { /* Reported below. */ }
    isBlocked = true;
    return undefined;
  }

  return {
    /** Whether the browser refused to keep a label, or keeps something that cannot be read. */
    get isBlocked() { return isBlocked; },

    /** Calls a function with `[category, id, annotator]` and the entry of everything that is kept. */
    readAll(body) {
      for (const key of keys()) {
        const found = parts(key), entry = found && read(remembered(key));
        if (entry) body(found, entry);
      }
      write(`${prefix}probe`, "");
      write(`${prefix}probe`, undefined);
    },

    put: (id, category, entry) => write(keyOf(id, category), entry && JSON.stringify(entry)),
    putOpinion: (id, category, annotator, label) =>
      write(opinionKeyOf(id, category, annotator), label === undefined ? undefined : JSON.stringify([label])),

    get savedTime() { return Number(remembered(savedKey) ?? 0); },
    set savedTime(time) { write(savedKey, String(time)); },

    /** Calls a function as for `readAll` for each change that another tab makes, and another one when labels are saved there. */
    watch(changed, saved) {
      addEventListener("storage", (event) => {
        if (event.key === savedKey) saved(Number(event.newValue));
        const found = parts(event.key);
        if (found) changed(found, event.newValue === null ? undefined : read(event.newValue));
      });
    },
  };
}

/** The steps that this tab can undo and redo, also after a reload. */
function makeSteps(identity) {
  const prefix = `clip-steps ${identity} `;
  const steps = [];
  let done = 0;

  function keep(key, value) {
    try {
      if (value === undefined) sessionStorage.removeItem(prefix + key);
      else sessionStorage.setItem(prefix + key, JSON.stringify(value));
    } catch { /* Steps are then forgotten at the next reload. */ }
  }

  const keepPlace = () => keep("place", [done, steps.length]);

  try {
    const [place, length] = JSON.parse(sessionStorage.getItem(`${prefix}place`) ?? "[0, 0]");
    for (let index = 0; index < length; index++) steps.push(JSON.parse(sessionStorage.getItem(prefix + index)));
    done = place;
  } catch {
    steps.length = 0;
  }

  return {
    get next() { return { undo: steps[done - 1], redo: steps[done] }; },
    add(step) {
      for (let index = done; index < steps.length; index++) keep(index, undefined);
      steps.splice(done, Infinity, step);
      keep(done, step);
      done = steps.length;
      keepPlace();
    },
    move(by) {
      done += by;
      keepPlace();
    },
  };
}
