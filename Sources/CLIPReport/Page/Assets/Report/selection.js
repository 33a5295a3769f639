/** The one image that keys label and that the details show, unless others are selected. */
let currentCard;
/** Where a selection with Shift begins. */
let anchor;
const selected = new Set();

const cards = () => [...byID("main").querySelectorAll(".card")];
const visibleCards = () => [...byID("main").querySelectorAll(".group:not([hidden]) li:not([hidden]) > .card")];
const isGallery = () => byID("main").querySelector(".cards") !== null;

/** Makes a card the current one, the only one that the Tab key reaches, and shows its details. */
function setCurrent(node, { keepsAnchor = false } = {}) {
  if (!keepsAnchor) anchor = node;
  for (const [each, index] of [[currentCard, -1], [node, 0]]) {
    for (const target of each ? [each, ...each.querySelectorAll(".ticks button")] : []) target.tabIndex = index;
  }
  currentCard?.classList.remove("current");
  currentCard = node;
  node?.classList.add("current");
  inspect(node?.card);
}

/** Selects these cards and no others. */
function select(nodes) {
  for (const node of selected) node.classList.remove("selected");
  selected.clear();
  for (const node of nodes) {
    selected.add(node);
    node.classList.add("selected");
  }
  byID("batch").hidden = selected.size === 0;
  byID("batch-count").textContent = `${plural(selected.size, "image")} selected`;
}

/** Selects the visible cards from the anchor to another. */
function selectTo(node) {
  const visible = visibleCards();
  const [from, to] = [visible.indexOf(anchor), visible.indexOf(node)];
  select(visible.slice(Math.min(from, to), Math.max(from, to) + 1));
}

/** Adds a card to the selected ones, which begin with the one that has the focus, or removes it. */
function toggleSelected(node) {
  const nodes = new Set(selected.size > 0 ? selected : [currentCard].filter((each) => each !== node && each === document.activeElement));
  if (nodes.has(node)) nodes.delete(node);
  else nodes.add(node);
  select([...nodes]);
}

/** The cards that a key labels. */
const targetCards = () => (selected.size > 0 ? [...selected] : [currentCard]).filter(Boolean);

/** Makes a card the current one and scrolls to it; selects the cards between it and the anchor, or leaves the selection. */
function focusCard(node, { extends: isExtending = false } = {}) {
  if (!node) return;
  if (isExtending) selectTo(node);
  setCurrent(node, { keepsAnchor: isExtending });
  node.focus({ preventScroll: true });
  const box = node.getBoundingClientRect();
  const bar = document.querySelector(".top");
  const top = 12 + (getComputedStyle(bar).position === "sticky" ? bar.getBoundingClientRect().bottom : 0);
  const panel = byID("inspector");
  const isSheet = getComputedStyle(panel).position === "fixed" && panel.classList.contains("open");
  const bottom = innerHeight - 12 - (isSheet ? panel.offsetHeight : 0);
  if (box.top < top) scrollBy(0, box.top - top);
  else if (box.bottom > bottom) scrollBy(0, Math.min(box.bottom - bottom, box.top - top));
}

/** Makes a card the current one, and selects none. */
function focusAlone(node) {
  select([]);
  focusCard(node);
}

/** A click on a picture makes it the current one; with Shift or Ctrl it selects more, and on the current one it enlarges. */
function pictureClicked(event, node) {
  if (event.shiftKey) return focusCard(node, { extends: true });
  if (event.ctrlKey || event.metaKey) {
    toggleSelected(node);
    return focusCard(node);
  }
  if (node === currentCard && isPanelOpen()) return enlarge(node.card.image);
  focusAlone(node);
  openPanel();
  return undefined;
}

function startSelection() {
  byID("main").addEventListener("focusin", (event) => {
    const node = event.target.closest(".card");
    if (node && node !== currentCard) setCurrent(node);
  });
  byID("main").addEventListener("click", (event) => {
    const node = event.target.closest(".card");
    if (!node || node.parentNode.hidden || event.target.closest(".picture")) return;
    if (node !== currentCard) setCurrent(node);
    if (!event.target.closest("button")) node.focus({ preventScroll: true });
  });
  for (const [label, id] of [[1, "batch-yes"], [0, "batch-no"], [UNSURE, "batch-unsure"], [undefined, "batch-clear"]]) {
    byID(id).addEventListener("click", () => {
      labelCards([...selected], label);
      currentCard?.focus();
    });
  }
  byID("batch-close").addEventListener("click", () => focusAlone(currentCard));
}
