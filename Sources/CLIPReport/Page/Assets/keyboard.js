const cards = () => [...byID("main").querySelectorAll(".card")];
const visibleCards = () => cards().filter((node) => !node.hidden && !node.closest("[hidden]"));
const isGallery = () => byID("main").querySelector(".cards") !== null;

/** Makes only one card reachable with the Tab key: the one focused last, or the first. */
function setEntry(node) {
  const visible = visibleCards();
  const entry = node ?? visible.find((each) => each.tabIndex === 0) ?? visible[0];
  for (const each of cards()) each.tabIndex = each === entry ? 0 : -1;
}

function focusCard(node) {
  if (!node) return;
  node.focus({ preventScroll: true });
  const box = node.getBoundingClientRect();
  const top = document.querySelector(".top").getBoundingClientRect().bottom + 12;
  const panel = byID("inspector");
  const isSheet = getComputedStyle(panel).position === "fixed" && panel.classList.contains("open");
  const bottom = innerHeight - 12 - (isSheet ? panel.offsetHeight : 0);
  if (box.top < top) scrollBy(0, box.top - top);
  else if (box.bottom > bottom) scrollBy(0, box.bottom - bottom);
}

/** The focused card, to which keys apply. */
const focusedCard = () => document.activeElement?.closest?.(".card");

function move(step) {
  const visible = visibleCards();
  const at = visible.indexOf(focusedCard());
  focusCard(at < 0 ? visible.find((node) => node.tabIndex === 0) ?? visible[0] : visible[at + step]);
}

/** Moves to the nearest card in the next non-empty row. */
function moveRow(direction) {
  const from = focusedCard();
  if (!from) return move(1);
  const box = from.getBoundingClientRect();
  const distance = (node) => {
    const other = node.getBoundingClientRect();
    const rows = (other.top - box.top) * direction;
    return rows < box.height / 2 ? Infinity : rows * 1000 + Math.abs(other.left - box.left);
  };
  const best = visibleCards().reduce((best, node) => (distance(node) < distance(best) ? node : best), from);
  if (best !== from) focusCard(best);
}

/** Labels the focused card and moves to the next one. */
function tickAndGoOn(isRight) {
  const node = focusedCard();
  if (!node) return move(0);
  const visible = visibleCards();
  const next = visible[visible.indexOf(node) + 1];
  tick(node, isRight);
  if (shownTicks !== "all") applyFilter();
  focusCard(next ?? node);
}

function label(value) {
  const node = focusedCard();
  if (node) tickAndGoOn((value === 1) === (node.card.score.outcome === MATCH));
  else move(0);
}

function undo() {
  const last = labels.undo();
  if (!last) return toast("Nothing to undo.");
  const [id, category] = last;
  const nodes = cards().filter(({ card }) => card.image.id === id);
  nodes.forEach(showTick);
  labelsChanged();
  applyFilter();
  focusCard(nodes.find(({ card }) => categories[card.category].name === category));
  toast(`Undone: ${shortName(id)}, ${category}`);
}

const KEYS = {
  j: () => move(1), ArrowRight: () => move(1), k: () => move(-1), ArrowLeft: () => move(-1),
  ArrowDown: () => moveRow(1), ArrowUp: () => moveRow(-1),
  y: () => tickAndGoOn(true), n: () => tickAndGoOn(false), 1: () => label(1), 0: () => label(0),
  u: undo, "[": () => goTo(-1), "]": () => goTo(1),
  "/": () => byID("filter").select(), "?": () => byID("help").showModal(),
  s: () => byID("save").click(), t: () => byID("theme").click(), Escape: () => inspect(undefined),
};

const GALLERY_KEYS = new Set(["j", "k", "ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "y", "n", "1", "0"]);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byID("help").open) return;
  if (event.target === byID("filter")) {
    if (event.key === "Escape" || event.key === "Enter") {
      event.preventDefault();
      event.target.blur();
      move(0);
    }
    return;
  }
  const action = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  // Arrow keys scroll lists and tables, and the page if it has no gallery.
  const scrolls = event.key.startsWith("Arrow") && event.target.closest?.(".scroll, nav");
  if (!action || scrolls || (GALLERY_KEYS.has(event.key) && !isGallery())) return;
  event.preventDefault();
  action();
});
