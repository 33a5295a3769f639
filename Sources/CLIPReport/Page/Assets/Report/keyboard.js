function move(step, options) {
  const visible = visibleCards();
  const at = visible.indexOf(currentCard);
  focusCard(at < 0 || !visible.includes(document.activeElement?.closest?.(".card")) ? currentCard ?? visible[0] : visible[at + step], options);
}

/** Moves to the nearest card in the next non-empty row. */
function moveRow(direction, options) {
  const from = document.activeElement?.closest?.(".card");
  if (!from) return move(0);
  const box = from.getBoundingClientRect();
  const distance = (node) => {
    const other = node.getBoundingClientRect();
    const rows = (other.top - box.top) * direction;
    return rows < box.height / 2 ? Infinity : rows * 1000 + Math.abs(other.left - box.left);
  };
  const best = visibleCards().reduce((best, node) => (distance(node) < distance(best) ? node : best), from);
  return best === from ? undefined : focusCard(best, options);
}

/** Labels the current card or all selected ones, and moves to the one behind them, unless the label hides that too. */
function labelByKey(label) {
  const nodes = targetCards();
  if (nodes.length === 0) return move(0);
  const visible = visibleCards();
  const next = visible[Math.max(...nodes.map((node) => visible.indexOf(node))) + 1];
  labelCards(nodes, label);
  return focusAlone(next && !next.parentNode.hidden ? next : currentCard);
}

const arrow = (action, step) => (event) => action(step, { extends: event.shiftKey });

const ACTIONS = {
  j: () => move(1), k: () => move(-1), ArrowRight: arrow(move, 1), ArrowLeft: arrow(move, -1),
  ArrowDown: arrow(moveRow, 1), ArrowUp: arrow(moveRow, -1),
  x: () => currentCard && toggleSelected(currentCard), selectAll: () => select(visibleCards()),
  e: () => currentCard && enlarge(currentCard.card.image), Enter: () => enlarge(currentCard.card.image),
  "[": () => goTo(-1), "]": () => goTo(1), "/": () => byID("filter").select(),
  Escape: () => (selected.size > 0 ? focusAlone(currentCard) : closePanel()),
};

const GALLERY_KEYS = new Set(["j", "k", "ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "y", "n", "u", "1", "0", "x", "e", "selectAll", "Escape"]);

/** Arrow keys scroll lists and tables, and the page if it has no gallery; Enter belongs to buttons and links. */
function applies(name, event) {
  if (name === "Enter") return document.activeElement === currentCard;
  if (name.startsWith("Arrow") && event.target.closest?.(".scroll, nav, input, select")) return false;
  return !GALLERY_KEYS.has(name) || isGallery();
}
