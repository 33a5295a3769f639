const ICONS = { right: "M3 8.5 6.5 12 13 4.5", wrong: "m4 4 8 8m0-8-8 8" };
const icon = (name) => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));

/** The last component of an id, whose middle is cut out where it is too long: names often differ at the end only. */
function cutName(id) {
  const characters = [...shortName(id)];
  const cut = characters.length > 11 ? characters.length - 9 : 0;
  return element("span", { class: "name", title: id }, element("span", {}, characters.slice(0, cut).join("")),
    element("span", {}, characters.slice(cut).join("")));
}

/** The filter of the cards: all, or those with a certain label. */
let shownTicks = "all";

/** One image with the decision on one category. */
function card([position, category, isRandom], { namesCategory = false, marksRandom = false } = {}) {
  const image = report.images[position];
  const score = image.scores.get(category);
  const { name, threshold } = categories[category];
  const button = (kind, text) => element("button", { type: "button", class: kind, tabindex: "-1", title: text, "aria-label": text,
    onclick: (event) => { event.stopPropagation(); node.focus(); tick(node, kind === "right", { toggles: true }); } }, icon(kind),
    element("span", {}, kind === "right" ? "Right" : "Wrong"));
  const node = element("li", { class: `card ${KINDS[score.outcome]}`, tabindex: "-1" },
    element("div", { class: "picture" }, picture(image),
      element("span", { class: "verdict", "aria-hidden": "true" }),
      isRandom && marksRandom ? element("span", { class: "badge", title: "In the random sample of matches" }, "random") : null),
    element("div", { class: "caption" },
      cutName(image.id),
      element("span", { class: "score", title: `${decimal(score.score - threshold, { sign: true })} from the threshold` },
        decimal(score.score))),
    namesCategory ? element("div", { class: "nearest" }, `nearest: ${name}, ${decimal(shortfall(score))}`) : null,
    element("div", { class: "ticks" }, button("right", "The decision is right"), button("wrong", "The decision is wrong")));
  node.card = { image, category, score };
  showTick(node);
  return node;
}

/** Updates a card to show its label. */
function showTick(node) {
  const { image, category, score } = node.card;
  const { name } = categories[category];
  const tick = verdict(image, category);
  const label = labels.get(image.id, name);
  node.classList.toggle("ticked-right", tick === true);
  node.classList.toggle("ticked-wrong", tick === false);
  node.querySelector(".verdict").textContent = label === undefined ? "" : label === 1 ? name : `not ${name}`;
  node.querySelector("button.right").setAttribute("aria-pressed", tick === true);
  node.querySelector("button.wrong").setAttribute("aria-pressed", tick === false);
  const said = tick === undefined ? "not labelled" : `labelled ${tick ? "right" : "wrong"}`;
  node.setAttribute("aria-label", `${image.id}, ${name}: score ${decimal(score.score)}, ${OUTCOMES[score.outcome]}, ${said}`);
}

/** Labels the decision of a card; if `toggles` is true, repeating the same label removes it. */
function tick(node, isRight, { toggles = false } = {}) {
  const { image, category, score } = node.card;
  const label = isRight === (score.outcome === MATCH) ? 1 : 0;
  const name = categories[category].name;
  labels.set(image.id, name, toggles && labels.get(image.id, name) === label ? undefined : label);
  showTick(node);
  labelsChanged();
}

/** A section with a heading and cards. */
function group(title, note, cards, options) {
  if (cards.length === 0) return null;
  return element("section", { class: "group" },
    element("h3", {}, title, element("small", {}, note)),
    element("ul", { class: "cards" }, ...cards.map((each) => card(each, options))));
}

const shownOf = (shown, all) => shown === all ? `all ${count(all)}` : `${count(shown)} of ${count(all)}`;

function categoryView(index) {
  const category = categories[index];
  const of = (outcome) => category.cards.filter(([image]) => report.images[image].scores.get(index).outcome === outcome);
  const [matches, held, below] = [MATCH, HELD_BACK, BELOW].map(of);
  const random = matches.filter(([, , isRandom]) => isRandom).length;
  const picked = matches.length < category.matches ? `: the highest, the nearest to the threshold, and ${random} at random` : "";
  return element("article", { class: "view" },
    element("header", { class: "head" },
      element("h2", {}, category.name),
      element("p", { class: "counts" },
        element("b", {}, plural(category.matches, "match", "matches")), ` of ${plural(report.imageCount, "image")}`,
        category.heldBack ? ` · ${count(category.heldBack)} held back by the neutral test` : "",
        ` · threshold ${decimal(category.threshold)} · rule ${category.rule}`)),
    element("figure", { class: "scores" },
      element("div", { id: "histogram", class: "plot" }),
      element("figcaption", {},
        ...legend([category]),
        element("button", { id: "scale", type: "button", onclick: () => {
          chosenScale = isLogarithmic(category) ? "linear" : "log";
          drawHistogram(index);
        } }))),
    element("div", { class: "bar" }, element("p", { id: "estimate", role: "status" }), tickFilter()),
    element("div", { class: "groups" },
      group("Matches", `${shownOf(matches.length, category.matches)} shown${picked}`, matches, { marksRandom: matches.length < category.matches })
        ?? element("p", { class: "none" }, "No image matches this category."),
      group("Above the threshold, but held back by the neutral test",
        `${shownOf(held.length, category.heldBack)} shown: too similar to the neutral descriptions`, held),
      element("div", { class: "line", role: "separator" }, element("span", {}, `threshold ${decimal(category.threshold)}`)),
      group("Below the threshold", `${shownOf(below.length, category.below)} shown${below.length < category.below ? ": the nearest" : ""}`, below)),
    element("p", { class: "none", id: "nothing", hidden: true }, "No image matches the filter."));
}

function unmatchedView() {
  return element("article", { class: "view" },
    element("header", { class: "head" },
      element("h2", {}, "No category"),
      element("p", { class: "counts" }, element("b", {}, plural(report.unmatchedCount, "image")),
        ` of ${count(report.imageCount)} · each with its nearest category`)),
    element("div", { class: "bar" }, element("p", { id: "estimate" }), tickFilter()),
    element("div", { class: "groups" },
      group("Nearest to a category first", `${shownOf(report.unmatched.length, report.unmatchedCount)} shown`, report.unmatched,
        { namesCategory: true }) ?? element("p", { class: "none" }, "Every image matches a category.")),
    element("p", { class: "none", id: "nothing", hidden: true }, "No image matches the filter."));
}

/** Chooses which cards are shown. */
function tickFilter() {
  const choices = [["all", "All"], ["open", "Unmarked"], ["right", "Right"], ["wrong", "Wrong"]];
  return element("div", { class: "choices", role: "group", "aria-label": "Show" }, ...choices.map(([value, text]) =>
    element("button", { type: "button", "data-value": value, "aria-pressed": value === shownTicks, onclick: (event) => {
      shownTicks = value;
      for (const button of event.target.parentNode.children) button.setAttribute("aria-pressed", button === event.target);
      applyFilter();
    } }, text)));
}

function drawHistogram(index) {
  const place = byID("histogram");
  if (!place) return;
  const category = categories[index];
  place.replaceChildren(histogram(category, Math.max(280, place.clientWidth)));
  byID("scale").textContent = isLogarithmic(category) ? "Logarithmic scale" : "Linear scale";
}
