/** Up to three matches of a category, from the highest score to the lowest; only those with a thumbnail, if there are any. */
function exampleMatches(index) {
  const matches = categories[index].cards.map(([image]) => report.images[image])
    .filter((image) => image.scores.get(index).outcome === MATCH);
  const pictured = matches.filter(({ thumbnail }) => thumbnail !== undefined && thumbnail !== null);
  const images = pictured.length > 0 ? pictured : matches;
  const places = images.length > 3 ? [0, images.length >> 1, images.length - 1] : [...images.keys()];
  return places.map((place) => images[place]);
}

/** The overview of all categories. */
function overview() {
  return element("article", { class: "view" },
    element("header", { class: "head" },
      element("h2", {}, "Overview"),
      element("p", { class: "counts" }, element("b", {}, plural(report.imageCount, "image")),
        ` · ${plural(categories.length, "category", "categories")} · ${plural(report.images.length, "image")} in this report`),
      element("p", { class: "legend" }, ...legend(categories))),
    element("ul", { class: "tiles" }, ...categories.map((category, index) => {
      const { right, total } = precision(index);
      const ticked = tickedCount(index);
      return element("li", {}, element("a", { class: "tile", href: `#${index}` },
        element("span", { class: "tile-examples" }, ...exampleMatches(index).map((image) =>
          element("span", { class: "picture", title: image.id }, picture(image, { alt: shortName(image.id) })))),
        element("span", { class: "tile-name" }, category.name),
        element("span", { class: "tile-count" }, count(category.matches),
          element("small", {}, ` ${category.matches === 1 ? "match" : "matches"}`)),
        sparkline(category),
        element("span", { class: "tile-note" }, `threshold ${decimal(category.threshold)}`,
          element("span", {}, total > 0 ? `${right} of ${total} matches right` : ticked > 0 ? `${ticked} labelled` : ""))));
    })),
    element("dl", { class: "facts" }, ...report.facts.flatMap(([name, value]) =>
      [element("dt", {}, name), element("dd", {}, value)])));
}

function failedView() {
  const rows = report.failures.map(([id, stage, reason]) => {
    const row = element("tr", {}, element("td", { class: "id" }, id), element("td", {}, stage), element("td", {}, reason));
    row.filterText = `${id} ${stage} ${reason}`.toLowerCase();
    return row;
  });
  const table = (header, rows) => element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": header[0] },
    element("table", { class: "list" },
      element("thead", {}, element("tr", {}, ...header.map((text) => element("th", { scope: "col" }, text)))),
      element("tbody", {}, ...rows)));
  return element("article", { class: "view" },
    element("header", { class: "head" },
      element("h2", {}, "Failed"),
      element("p", { class: "counts" }, element("b", {}, plural(report.failureCount, "image")),
        " failed in the last run and have no scores")),
    report.failureCount === 0 ? element("p", { class: "none" }, "No image failed.") : null,
    report.failureReasons.length > 1 ? element("section", { class: "group" },
      element("h3", {}, "Reasons", element("small", {}, "N stands for any number")),
      table(["Reason", "Stage", "Images"], report.failureReasons.map(({ reason, stage, count: number }) =>
        element("tr", {}, element("td", {}, reason), element("td", {}, stage), element("td", { class: "number" }, count(number)))))) : null,
    rows.length > 0 ? element("section", { class: "group" },
      element("h3", {}, "Images", element("small", {}, `${shownOf(rows.length, report.failureCount)} shown`)),
      table(["Id", "Stage", "Reason"], rows)) : null,
    element("p", { class: "none", id: "nothing", hidden: true }, "No image matches the filter."));
}

const VIEWS = [
  { hash: "overview", name: "Overview", make: overview },
  ...categories.map((category, index) => ({
    hash: String(index), name: category.name, count: category.matches, index, make: () => categoryView(index),
  })),
  { hash: "none", name: "No category", count: report.unmatchedCount, make: unmatchedView, isApart: true },
  { hash: "failed", name: "Failed", count: report.failureCount, make: failedView },
];

let current = VIEWS[0];

function showView() {
  const name = location.hash.slice(1);
  current = VIEWS.find(({ hash }) => hash === name) ?? VIEWS[0];
  byID("main").replaceChildren(current.make());
  inspect(undefined);
  if (current.index !== undefined) drawHistogram(current.index);
  for (const link of byID("nav").querySelectorAll("a")) {
    if (link.hash === `#${current.hash}`) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else link.removeAttribute("aria-current");
  }
  document.title = `${current.name} · ${report.title}`;
  applyFilter();
  showEstimate();
  if (matchMedia("(min-width: 1241px)").matches) inspect(visibleCards()[0]?.card);
  window.scrollTo(0, 0);
}

const goTo = (step) => {
  const next = VIEWS[VIEWS.indexOf(current) + step];
  if (next) location.hash = next.hash;
};

function makeNavigation() {
  byID("nav").append(element("ul", {}, ...VIEWS.map(({ hash, name, count: number, index, isApart }) =>
    element("li", { class: isApart ? "apart" : null }, element("a", { href: `#${hash}` },
      element("span", { class: "nav-name" }, name),
      number === undefined ? null : element("span", { class: "nav-count" }, count(number)),
      index === undefined ? null : element("span", { class: "nav-done", "data-index": index, "aria-hidden": "true" }))))));
}

/** Hides cards and rows that do not pass the text filter or the label filter. */
function applyFilter() {
  const text = byID("filter").value.toLowerCase();
  let isAnythingShown = false;
  for (const node of cards()) {
    const { image, category } = node.card;
    const tick = verdict(image, category);
    const fits = shownTicks === "all" || tick === { open: undefined, right: true, wrong: false }[shownTicks];
    node.hidden = !(fits && image.id.toLowerCase().includes(text));
    isAnythingShown ||= !node.hidden;
  }
  for (const row of byID("main").querySelectorAll("tbody tr")) {
    if (row.filterText !== undefined) row.hidden = !row.filterText.includes(text);
    isAnythingShown ||= !row.hidden;
  }
  for (const section of byID("main").querySelectorAll(".group")) {
    section.hidden = section.querySelector(".card") !== null && section.querySelector(".card:not([hidden])") === null;
  }
  const nothing = byID("nothing");
  if (nothing) nothing.hidden = isAnythingShown || (text === "" && shownTicks === "all");
  setEntry();
}

/** Shows the precision estimate from the labels of the current category. */
function showEstimate() {
  const place = byID("estimate");
  if (!place) return;
  if (current.index === undefined) {
    place.textContent = "Right: the image does not belong to the category shown. Wrong: it does.";
    return;
  }
  const ticked = tickedCount(current.index), all = categories[current.index].cards.length;
  const { right, total, size } = precision(current.index);
  const kind = size === categories[current.index].matches ? "matches" : "random matches";
  const parts = [`${ticked} of ${all} labelled`];
  if (total > 0) {
    const [low, high] = wilson(right, total).map((share) => Math.round(share * 100));
    parts.push(`precision ${right} of ${total} ${kind} (95 % confidence interval: ${low} to ${high} %)`);
  }
  place.textContent = parts.join(" · ");
}

/** Updates everything except the cards after the labels changed. */
function labelsChanged() {
  const number = labels.count;
  byID("progress").textContent = number === 0 ? "" : plural(number, "label");
  byID("save").disabled = number === 0;
  for (const node of byID("nav").querySelectorAll(".nav-done")) {
    const index = Number(node.dataset.index), all = categories[index].cards.length;
    node.style.setProperty("--done", all === 0 ? 0 : tickedCount(index) / all);
  }
  showEstimate();
  refreshInspector();
}
