/** With fewer labelled images among the matches, nothing is said. */
const LEAST_LABELLED = 10;

/** The labelled and the open images of a category's cells that match. */
function matchingCells(index) {
  const cells = categories[index].cells.map(({ size, isMatch }) => ({ size, isMatch, labelled: 0, members: 0, open: 0 }));
  for (const task of tasksOf[index]) {
    const label = labelOfTask(task), cell = cells[task.cell];
    if (label === undefined) cell.open++;
    else if (label !== UNSURE) {
      cell.labelled++;
      cell.members += label;
    }
  }
  return cells.filter(({ isMatch, size }) => isMatch && size > 0);
}

/**
 * What the labels tell of a category's precision over the whole collection: its value, the half-width of a 95 % confidence
 * interval, and the interval; `undefined` if too few are labelled.
 *
 * Within a cell, images were drawn at random. Its share of members is shrunk towards the pooled one, so that no cell has 0 or
 * 1; labelled images count as they are, and the variance is that of stratified sampling with a finite population (Cochran,
 * 1977, section 5.3). `clip-cli evaluate` has a model for recall and F1, which depend on images far below the threshold.
 */
function precisionOf(cells) {
  const sum = (value) => cells.reduce((total, cell) => total + value(cell), 0);
  const matches = sum(({ size }) => size), labelled = sum((cell) => cell.labelled);
  if (labelled < LEAST_LABELLED) return undefined;
  const seen = cells.filter((cell) => cell.labelled > 0);
  const weightSeen = seen.reduce((total, { size }) => total + size, 0);
  const plain = seen.reduce((total, { size, members, labelled: n }) => total + size / weightSeen * members / n, 0);
  const pooled = (labelled * plain + 0.5) / (labelled + 1);
  const share = ({ members, labelled: n }) => (members + pooled) / (n + 1);
  const value = sum((cell) => cell.members + (cell.size - cell.labelled) * share(cell)) / matches;
  const variance = sum((cell) => (cell.size / matches) ** 2 * (1 - cell.labelled / cell.size) * share(cell) * (1 - share(cell)) / (cell.labelled + 1));
  const half = 1.96 * Math.sqrt(variance);
  const members = sum((cell) => cell.members);
  return { value, half, labelled, matches, low: Math.max(value - half, members / matches),
    high: Math.min(value + half, 1 - (labelled - members) / matches) };
}

/** The half-width that so many labelled matches would give. */
const halfWith = ({ half, labelled, matches }, more) =>
  half * Math.sqrt(labelled / (labelled + more) * (1 - (labelled + more) / matches) / (1 - labelled / matches));

/** How many more matches must be labelled for a half-width. */
function moreFor({ half, labelled, matches }, wanted) {
  const needed = 1 / ((wanted / half) ** 2 * (1 - labelled / matches) / labelled + 1 / matches);
  return Math.max(1, Math.ceil(needed - labelled));
}
