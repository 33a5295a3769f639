const TARGET_KEY = "clip-labels target";
const targetHalf = () => Number(remembered(TARGET_KEY) ?? 0.05);
const GOALS = [0.1, 0.05, 0.04, 0.03, 0.02, 0.01];

/** What is known of a category so far, as sentences. */
function advice(index) {
  const all = tasksOf[index], open = all.filter(isOpen).length;
  const lines = [`${count(all.length - open)} of ${plural(all.length, "image")} labelled`];
  const cells = matchingCells(index);
  // Said at the end only, since it tells the decision about each image.
  if (cells.length === 0 && open === 0) return { lines: [...lines, "No image matches, so there is no precision."], isEnough: true };
  const found = precisionOf(cells);
  if (!found) return { lines: [...lines, "Too few labels for an estimate yet."], isEnough: false };
  const digits = found.half < 0.015 ? 3 : 2;
  lines.push(`precision ${found.value.toFixed(digits)} ± ${found.half.toFixed(digits)}`);
  const target = targetHalf();
  if (found.half <= target) return { lines: [...lines, `Enough for ± ${target}.`], isEnough: true };
  const goal = GOALS.find((each) => each < found.half - 0.003 && each >= target) ?? target;
  return { lines: [...lines, outlook(found, goal, open, cells.reduce((sum, cell) => sum + cell.open, 0))], isEnough: false };
}

/** How many more labels reach a goal: here, where not all open images are matches, or in a further round. */
function outlook(found, goal, open, openMatches) {
  const more = moreFor(found, goal);
  if (more <= openMatches) return `About ${plural(Math.ceil(more * open / openMatches), "more label")} would give ± ${goal}.`;
  const draw = `draw ${count(more - openMatches)} more matches with clip-cli sample --labels`;
  return openMatches > 0 ? `The ${count(open)} left here would give about ± ${halfWith(found, openMatches).toFixed(2)}; for ± ${goal} ${draw}.`
    : `For ± ${goal} ${draw}.`;
}

/** Shows progress, estimates and disagreements of all categories. */
function showAdvice() {
  const current = queue[place]?.category;
  byID("advice").replaceChildren(...categories.map(({ name }, index) => {
    const { lines, isEnough } = adviceOf(index);
    return element("section", { class: index === current ? "now" : null },
      element("h3", {}, isEnough ? element("span", { class: "done", role: "img", "aria-label": "enough" }, "✓ ") : null, name),
      ...lines.map((line) => element("p", {}, line)));
  }));
  const [unsure, disputed] = ["unsure", "disputed"].map((name) => tasks.filter(REVIEWS[name]).length);
  byID("review-unsure").textContent = `${count(unsure)} not sure`;
  byID("review-disputed").textContent = disputed === 1 ? "1 disagreement" : `${count(disputed)} disagreements`;
  byID("reviews").hidden = unsure + disputed === 0 && review === "all";
  for (const name of ["all", "unsure", "disputed"]) byID(`review-${name}`).setAttribute("aria-pressed", review === name);
  const labelled = tasks.filter((task) => !isOpen(task)).length;
  byID("bar").value = labelled;
  byID("bar").max = tasks.length;
  byID("summary").textContent = `${count(labelled)} of ${count(tasks.length)} labelled`;
}

/** Estimates by category, which only new labels change. */
const remembrance = new Map();
function adviceOf(index) {
  if (!remembrance.has(index)) remembrance.set(index, advice(index));
  return remembrance.get(index);
}

function forgetAdvice(changes) {
  if (changes === undefined) return remembrance.clear();
  for (const { category } of changes) remembrance.delete(categories.findIndex(({ name }) => name === category));
  return undefined;
}
