/** What is shown of a view's cards, and in which order; only the text stays when another view is opened. */
const filterDefaults = { label: "all", outcome: "all", least: "", most: "", order: "page" };
let filter = { ...filterDefaults };

const filterText = () => byID("filter").value.trim().toLowerCase();
const isFiltered = () => filterText() !== "" || ["label", "outcome", "least", "most"].some((key) => filter[key] !== filterDefaults[key]);

const LABEL_FILTERS = {
  all: () => true, open: (label) => label === undefined, yes: (label) => label === 1, no: (label) => label === 0,
  unsure: (label) => label === UNSURE,
  wrong: (label, { image, category }) => verdict(image, category) === false,
  disputed: (label, { image, category }) => labels.isDisputed(image.id, categories[category].name),
};

const ORDERS = {
  page: (a, b) => a.card.place - b.card.place,
  high: (a, b) => b.card.score.score - a.card.score.score,
  low: (a, b) => a.card.score.score - b.card.score.score,
  near: (a, b) => distanceToThreshold(a) - distanceToThreshold(b),
  id: (a, b) => (a.card.image.id < b.card.image.id ? -1 : 1),
};

const distanceToThreshold = ({ card: { score } }) => Math.abs(score.score - categories[score.category].threshold);

function fits({ image, category, score, isRandom }) {
  const label = labels.get(image.id, categories[category].name);
  return LABEL_FILTERS[filter.label](label, { image, category })
    && (filter.outcome === "all" || (filter.outcome === "random" ? isRandom : filter.outcome === KINDS[score.outcome]))
    && (filter.least === "" || score.score >= Number(filter.least))
    && (filter.most === "" || score.score <= Number(filter.most))
    && image.id.toLowerCase().includes(filterText());
}

/** Hides cards and rows that do not pass the filters, and sorts the cards of each group. */
function applyFilter() {
  const text = filterText();
  let isAnythingShown = false;
  for (const node of cards()) {
    node.parentNode.hidden = !fits(node.card);
    isAnythingShown ||= !node.parentNode.hidden;
  }
  for (const row of byID("main").querySelectorAll("tbody tr")) {
    if (row.filterText === undefined) continue;
    row.hidden = !row.filterText.includes(text);
    isAnythingShown ||= !row.hidden;
  }
  for (const section of byID("main").querySelectorAll(".group")) {
    section.hidden = section.querySelector(".card") !== null && section.querySelector("li:not([hidden]) .card") === null;
  }
  const nothing = byID("nothing");
  if (nothing) nothing.hidden = isAnythingShown || !isFiltered();
  select([...selected].filter((node) => !node.parentNode.hidden));
  if (!currentCard || currentCard.parentNode.hidden) leaveHidden();
  showRest();
  countFiltered(text);
}

/** Makes the next visible card the current one, or the last, and gives it the focus if the hidden one had it. */
function leaveHidden() {
  const visible = visibleCards(), left = currentCard;
  const isAfter = (node) => !left || left.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING;
  const hadFocus = left?.contains(document.activeElement);
  setCurrent(visible.find(isAfter) ?? visible.at(-1));
  if (hadFocus) currentCard?.focus({ preventScroll: true });
}

function sortCards() {
  for (const list of byID("main").querySelectorAll(".cards")) {
    list.append(...[...list.children].sort((a, b) => ORDERS[filter.order](a.firstChild, b.firstChild)));
  }
}

/** Shows in the list of categories how many of their images have the text in their id. */
function countFiltered(text) {
  for (const node of byID("nav").querySelectorAll("[data-found]")) {
    const view = VIEWS[node.dataset.found];
    const number = text === "" || !view.cards ? view.count : view.cards().filter(([image]) => report.images[image].id.toLowerCase().includes(text)).length;
    node.textContent = text === "" || !view.cards ? count(view.count) : `${count(number)} found`;
    node.closest("a").classList.toggle("without", text !== "" && view.cards !== undefined && number === 0);
  }
}

/** The filters and the order of a view's cards. */
function filterBar({ hasHeldBack, hasRandom }) {
  const choice = (name, key, options) => element("label", {}, `${name} `, element("select", { "data-filter": key, onchange: ({ target }) => {
    filter[key] = target.value;
    if (key === "order") sortCards();
    applyFilter();
  } }, ...options.filter(Boolean).map(([value, text]) => element("option", { value, selected: filter[key] === value }, text))));
  const limit = (name, key) => element("label", {}, `${name} `, element("input", { type: "number", step: "any", value: filter[key], "data-filter": key,
    oninput: ({ target }) => {
      filter[key] = target.value;
      applyFilter();
    } }));
  return element("div", { class: "filters", role: "group", "aria-label": "Filter and order" },
    choice("Label", "label", [["all", "all"], ["open", "not labelled"], ["yes", "belongs"], ["no", "does not belong"], ["unsure", "not sure"],
      ["wrong", "decision wrong"], ["disputed", "people disagree"]]),
    choice("Decision", "outcome", [["all", "all"], ["match", "match"], hasRandom ? ["random", "random matches"] : null,
      hasHeldBack ? ["held", "held back"] : null, ["below", "below the threshold"]]),
    limit("Score from", "least"), limit("to", "most"),
    choice("Order", "order", [["page", "by group"], ["high", "highest score"], ["low", "lowest score"], ["near", "nearest to threshold"], ["id", "id"]]));
}
