const DRAWS = 1000;

/** A generator of uniform numbers that starts alike each time, so that estimates do not flicker (mulberry32). */
function uniformNumbers() {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A gamma variate of a shape, by the method of Marsaglia and Tsang (2000). */
function gamma(shape, uniform) {
  if (shape < 1) return gamma(shape + 1, uniform) * Math.max(uniform(), 1e-300) ** (1 / shape);
  const d = shape - 1 / 3, c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function beta(a, b, uniform) {
  const x = gamma(a, uniform);
  return x / (x + gamma(b, uniform));
}

/** Members among all images of the cells that match and of those that do not, as measures. */
function measures(truePositives, missed, matches, images) {
  const members = truePositives + missed;
  return { precision: truePositives / matches, recall: truePositives / members, f1: 2 * truePositives / (matches + members),
    prevalence: members / images };
}

/**
 * What the labels of a category tell of the whole collection: `{value, low, high}` of each measure.
 *
 * Images were drawn at random within cells of known size, so each cell's share of members has a Beta distribution (with
 * Jeffreys' prior), and the labelled images count as they are. A measure without a cell to tell it is left out.
 */
function estimate(index) {
  const cells = categories[index].cells.map(({ size, isMatch }) => ({ size, isMatch, labelled: 0, members: 0 }));
  let labelled = 0;
  for (const task of tasksOf[index]) {
    const label = labelOfTask(task);
    if (label === undefined || label === UNSURE) continue;
    cells[task.cell].labelled++;
    cells[task.cell].members += label;
    labelled++;
  }
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const matches = sum(cells.map(({ size, isMatch }) => isMatch ? size : 0)), images = sum(cells.map(({ size }) => size));
  const measured = (shareOf) => {
    const members = (isMatch) => sum(cells.map((cell) => cell.isMatch !== isMatch ? 0
      : cell.members + (cell.size - cell.labelled) * shareOf(cell)));
    return measures(members(true), members(false), matches, images);
  };
  const isKnown = (cell) => cell.labelled > 0 || cell.size === 0;
  const value = measured(({ labelled: n, members }) => n === 0 ? 0.5 : members / n);
  const uniform = uniformNumbers();
  const draws = Array.from({ length: DRAWS }, () =>
    measured(({ size, labelled: n, members }) => size === n ? 0 : beta(members + 0.5, n - members + 0.5, uniform)));
  const canTell = { precision: matches > 0 && cells.every((cell) => !cell.isMatch || isKnown(cell)) };
  canTell.recall = canTell.f1 = canTell.prevalence = cells.every(isKnown);
  const found = {};
  for (const name of Object.keys(canTell)) {
    const sorted = draws.map((draw) => draw[name]).sort((a, b) => a - b);
    if (!canTell[name] || !Number.isFinite(value[name])) continue;
    found[name] = { value: value[name], low: sorted[Math.floor(0.025 * DRAWS)], high: sorted[Math.ceil(0.975 * DRAWS) - 1] };
  }
  return { labelled, measures: found };
}

/** How many more labels narrow an interval of a half-width to another: the width falls with the root of their number. */
const labelsFor = (labelled, half, wanted) => Math.ceil(labelled * ((half / wanted) ** 2 - 1) / 10) * 10;
