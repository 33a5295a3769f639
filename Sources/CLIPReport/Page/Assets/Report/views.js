const VIEWS = [
  { hash: "overview", name: "Overview", make: overview },
  ...(report.changes ? [{ hash: "changed", name: "Changed", count: changeCount("gained") + changeCount("lost"), make: changedView, cards: () => report.changes.cards }] : []),
  ...categories.map((category, index) => ({
    hash: String(index), name: category.name, count: category.matches, index, make: () => categoryView(index), cards: () => category.cards,
  })),
  { hash: "none", name: "No category", count: report.unmatchedCount, make: unmatchedView, isApart: true, cards: () => report.unmatched },
  { hash: "failed", name: "Failed", count: report.failureCount, make: failedView },
];

let current = VIEWS[0];

function showView() {
  const name = location.hash.slice(1);
  current = VIEWS.find(({ hash }) => hash === name) ?? VIEWS[0];
  filter = { ...filterDefaults };
  currentCard = undefined;
  select([]);
  byID("main").replaceChildren(current.make());
  inspect(undefined);
  if (current.index !== undefined) drawHistogram(current.index);
  for (const link of byID("nav").querySelectorAll("a")) {
    const isCurrent = link.hash === `#${current.hash}`;
    link.tabIndex = isCurrent ? 0 : -1;
    if (isCurrent) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else link.removeAttribute("aria-current");
  }
  document.title = `${current.name} · ${report.title}`;
  applyFilter();
  showEstimate();
  window.scrollTo(0, 0);
}

const goTo = (step) => {
  const next = VIEWS[VIEWS.indexOf(current) + step];
  if (next) location.hash = next.hash;
};

function makeNavigation() {
  byID("nav").append(element("ul", { role: "list" }, ...VIEWS.map(({ hash, name, count: number, index, isApart }, place) =>
    element("li", { class: isApart ? "apart" : null }, element("a", { href: `#${hash}`, title: name },
      element("span", { class: "nav-name" }, name),
      element("span", { class: "nav-tick", "data-index": index, "aria-label": "all labelled", role: "img", hidden: true }, "✓"),
      number === undefined ? null : element("span", { class: "nav-count", "data-found": place }, count(number)),
      index === undefined ? null : element("span", { class: "nav-done", "data-index": index, "aria-hidden": "true" }))))));
  byID("find").hidden = categories.length < 12;
  byID("find-category").addEventListener("input", ({ target }) => {
    const text = target.value.trim().toLowerCase();
    for (const link of byID("nav").querySelectorAll("a")) link.parentNode.hidden = !link.textContent.toLowerCase().includes(text);
  });
  byID("find-category").addEventListener("keydown", (event) => {
    const first = byID("nav").querySelector("li:not([hidden]) a");
    if (event.key !== "Enter" || !first) return;
    location.hash = first.hash;
    first.focus();
  });
  // One stop of the Tab key: arrow keys move between categories, however many there are.
  byID("nav").addEventListener("keydown", (event) => {
    const links = [...byID("nav").querySelectorAll("li:not([hidden]) a")];
    const at = links.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    links[to]?.focus();
  });
}

/** Shows in the list, and in the overview, how much of the categories is labelled. */
function showProgress(indices) {
  for (const index of indices) {
    const note = byID("main").querySelector(`[data-note="${index}"]`);
    if (note) note.textContent = tileNote(index);
    const all = categories[index].cards.length, labelled = labelledCount(index);
    byID("nav").querySelector(`.nav-tick[data-index="${index}"]`).hidden = all === 0 || labelled < all;
    byID("nav").querySelector(`.nav-done[data-index="${index}"]`).style.setProperty("--done", all === 0 ? 0 : labelled / all);
  }
}

/** Updates everything that shows labels, after changes of some. */
function labelsChanged(changes) {
  const ids = new Set(changes.map(({ id }) => id));
  for (const node of cards()) if (ids.has(node.card.image.id)) showCard(node);
  showProgress(new Set(changes.map(({ category }) => categoryPlaces.get(category)).filter((index) => index !== undefined)));
  if (filter.label === "all") showRest();
  else applyFilter();
  showEstimate();
  if (current.index !== undefined) showThreshold(current.index);
  refreshInspector();
}

/** Goes to the first card that passes a test, in the current view or otherwise in another one, also if a filter hides it. */
function goToCard(isThere, other) {
  let node = cards().find(isThere);
  if (!node && other) history.replaceState(null, "", `#${other.hash}`);
  if (node?.parentNode.hidden) byID("filter").value = "";
  if (!node || node.parentNode.hidden) {
    showView();
    node = cards().find(isThere);
  }
  focusAlone(node);
}

/** Goes to where an image's label for a category can be seen. */
function showImage(id, category) {
  const index = categoryPlaces.get(category);
  goToCard(({ card }) => card.image.id === id && card.category === index,
    VIEWS.find((view) => view.index === index && view.cards?.().some(([image]) => report.images[image].id === id)));
}

/** Goes to an image, in the current view if it is there. */
function goToImage(place) {
  goToCard(({ card }) => card.image === report.images[place], VIEWS.find((view) => view.cards?.().some(([image]) => image === place)));
}
