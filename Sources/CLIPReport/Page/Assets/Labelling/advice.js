const TARGET_KEY = "clip-labels target";
const NAMES = { precision: "precision", recall: "recall", f1: "F1", prevalence: "prevalence" };
const targetHalf = () => Number(remembered(TARGET_KEY) ?? 0.05);
const half = ({ low, high }) => (high - low) / 2;
const figures = (value) => value.toFixed(value < 0.095 ? 3 : 2);

/** What is known of a category so far, as a list of sentences. */
function advice(index) {
  const all = tasksOf[index], open = all.filter(isOpen).length;
  const { labelled, measures } = estimate(index);
  const known = Object.entries(measures);
  const lines = [`${count(all.length - open)} of ${plural(all.length, "image")} judged`];
  if (known.length === 0) return { lines: [...lines, "Too few labels for an estimate yet."], isEnough: false };
  lines.push(known.map(([name, found]) => `${NAMES[name]} ${figures(found.value)} ± ${figures(half(found))}`).join(", "));
  const [name, wanted] = measures.f1 ? ["f1", measures.f1] : known[0];
  const now = half(wanted), target = targetHalf();
  if (now <= target) return { lines: [...lines, `Enough for ± ${target} in ${NAMES[name]}.`], isEnough: true };
  const goals = [0.1, 0.05, 0.04, 0.03, 0.02, 0.01].filter((goal) => goal < now - 0.003 && goal >= target);
  const goal = goals[0] ?? target, more = labelsFor(labelled, now, goal);
  const rest = now * Math.sqrt(labelled / (labelled + open));
  lines.push(more <= open ? `About ${plural(more, "more label")} would give ${NAMES[name]} ± ${goal}.`
    : open > 0 ? `The ${count(open)} left here would give about ± ${figures(rest)}; for ± ${goal} draw ${count(more - open)} more with clip-cli sample --labels.`
      : `For ± ${goal} draw about ${count(more)} more with clip-cli sample --labels.`);
  return { lines, isEnough: false };
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
  const judged = tasks.filter((task) => !isOpen(task)).length;
  byID("bar").value = judged;
  byID("bar").max = tasks.length;
  byID("summary").textContent = `${count(judged)} of ${count(tasks.length)} judged`;
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
