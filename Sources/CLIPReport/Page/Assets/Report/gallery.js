/** A section with a heading and cards; `rest` is the label that a button gives to all images without one. */
function group(title, note, cards, { rest, category, ...options } = {}) {
  if (cards.length === 0) return null;
  const section = element("section", { class: "group" },
    element("h3", {}, title, element("small", {}, note)),
    element("ul", { class: "cards", role: "list" }, ...cards.map((each) => card(each, options))));
  [...section.querySelectorAll(".card")].forEach((node, place) => { node.card.place = place; });
  if (rest !== undefined) {
    section.append(element("button", { type: "button", class: "rest", onclick: () => labelCards(openCards(section), rest) }));
    section.rest = { label: rest, category };
  }
  return section;
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
        ` · threshold ${decimal(category.threshold)} · rule ${category.rule}`),
      guide(category)),
    scoreFigure(index),
    element("p", { id: "estimate", class: "estimate" }),
    filterBar({ hasHeldBack: category.heldBack > 0, hasRandom: random > 0 && matches.length < category.matches }),
    element("div", { class: "groups" },
      group("Matches", `${shownOf(matches.length, category.matches)} shown${picked}`, matches,
        { marksRandom: matches.length < category.matches, rest: 1, category: index })
        ?? element("p", { class: "none" }, "No image matches this category."),
      group("Above the threshold, but held back by the neutral test",
        `${shownOf(held.length, category.heldBack)} shown: too similar to the neutral descriptions`, held, { rest: 0, category: index }),
      element("div", { class: "line", role: "separator" }, element("span", {}, `threshold ${decimal(category.threshold)}`)),
      group("Below the threshold", `${shownOf(below.length, category.below)} shown${below.length < category.below ? ": the nearest" : ""}`, below,
        { rest: 0, category: index })),
    element("p", { class: "none", id: "nothing", hidden: true }, "No image passes the filters."));
}

function unmatchedView() {
  return element("article", { class: "view" },
    element("header", { class: "head" },
      element("h2", {}, "No category"),
      element("p", { class: "counts" }, element("b", {}, plural(report.unmatchedCount, "image")),
        ` of ${count(report.imageCount)} · each with its nearest category, to which the buttons refer`)),
    filterBar({ hasHeldBack: true, hasRandom: false }),
    element("div", { class: "groups" },
      group("Nearest to a category first", `${shownOf(report.unmatched.length, report.unmatchedCount)} shown`, report.unmatched,
        { namesCategory: true }) ?? element("p", { class: "none" }, "Every image matches a category.")),
    element("p", { class: "none", id: "nothing", hidden: true }, "No image passes the filters."));
}

/** The visible cards of a group without a label. */
const openCards = (section) => [...section.querySelectorAll("li:not([hidden]) > .card")].filter(({ card }) => !isLabelled(card.image, card.category));

/** Shows what the buttons that label the rest of a group label. */
function showRest() {
  for (const section of byID("main").querySelectorAll(".group")) {
    if (!section.rest) continue;
    const open = openCards(section).length;
    const button = section.querySelector(".rest");
    button.hidden = open === 0;
    button.textContent = `Label the ${open === 1 ? "one" : count(open)} without a label: ${labelName(section.rest.label, categories[section.rest.category].name)}`;
  }
}

/** Shows what is labelled in the current category, and what that tells of its precision. */
function showEstimate() {
  const place = byID("estimate");
  if (!place) return;
  const category = categories[current.index];
  const labelled = labelledCount(current.index), all = category.cards.length;
  const { right, total, size, labelled: done, isRandom, isComplete } = precision(current.index);
  const kind = `${isRandom ? "random " : ""}${size === 1 ? "match" : "matches"}`;
  const parts = [labelled === all ? `All ${count(all)} labelled` : `${count(labelled)} of ${count(all)} labelled`];
  if (isComplete) {
    parts.push(`precision ${right} of ${total} ${kind} (${certainty({ right, total, size, isRandom })})`);
  } else if (size > 0) parts.push(`the precision is shown when ${size === 1 ? "the match has a label" : `all ${size} ${kind} have one, and ${done} do so far`}`);
  place.replaceChildren(...present([labelled === all ? element("span", { class: "done" }, "✓ ") : null, parts.join(" · ")]));
}

/** How sure a precision is: where all matches have a label, nothing is left to chance. */
function certainty({ right, total, size, isRandom }) {
  if (!isRandom) return total === size ? "every match is labelled" : `${count(size - total)} not sure`;
  const [low, high] = wilson(right, total);
  return `95 % confidence interval: ${percent(low).replace(" %", "")} to ${percent(high)}`;
}
