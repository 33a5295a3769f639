/** How many matches all categories together gained, or lost. */
const changeCount = (kind) => report.changes.categories.reduce((sum, each) => sum + each[kind], 0);

/** What another run decided about an image, beside what this one decides. */
function decisions(score, earlier) {
  const side = (name, { score, outcome }) => [element("dt", {}, name), element("dd", {}, `${decimal(score)}, ${OUTCOMES[outcome]}`)];
  return element("dl", { class: "decisions" }, ...side("Before", earlier), ...side("Now", score));
}

/** What only one of the two runs has, and is therefore not compared: one sentence each. */
function notCompared({ name, onlyEarlierCount, onlyLaterCount, onlyEarlier, onlyLater }) {
  const sentence = (number, one, many, rest) => (number === 0 ? null : `${plural(number, one, many)} ${number === 1 ? "is" : "are"} ${rest}.`);
  const names = (where, list) => sentence(list.length, "category", "categories", `${where}: ${list.map((each) => `“${each}”`).join(", ")}`);
  return present([
    sentence(onlyLaterCount, "image", "images", `not in ${name}, for example because the store has grown since`),
    sentence(onlyEarlierCount, "image", "images", `only in ${name}, for example because the store has lost ${onlyEarlierCount === 1 ? "it" : "them"} since`),
    names(`not in ${name}`, onlyLater),
    names(`only in ${name}`, onlyEarlier),
  ]);
}

const beforeAndNow = (before, now) => (before === now ? now : `${before} → ${now}`);

/** How many images each category gained and lost; the name leads to its view. */
function changeTable(changed) {
  return listTable(["Category", "Gained", "Lost", "Kept", "Threshold", "Rule"], changed.map(({ category, gained, lost, kept, earlierThreshold, earlierRule }) => {
    const { name, threshold, rule } = categories[category];
    return element("tr", {}, element("th", { scope: "row" }, element("a", { href: `#${category}` }, name)),
      ...[gained, lost, kept].map((number) => element("td", {}, count(number))),
      element("td", {}, beforeAndNow(...toldApart(earlierThreshold, threshold))), element("td", {}, beforeAndNow(earlierRule, rule)));
  }));
}

/** The samples of the images that a category gained and lost, from the highest score. */
function changedGroups({ category, ...counts }) {
  const scoreOf = ([image]) => report.images[image].scores.get(category).score;
  return [["gained", 1], ["lost", 0]].map(([kind, label]) => {
    const shown = report.changes.cards.filter(([, of, , { outcome }]) => of === category && (outcome === MATCH) === (kind === "lost"))
      .sort((a, b) => scoreOf(b) - scoreOf(a));
    return group(`${categories[category].name}: ${kind}`, `${shownOf(shown.length, counts[kind])} shown${shown.length < counts[kind] ? ", at random" : ""}`,
      shown, { rest: label, category });
  });
}

/** The images whose decisions differ from those of another run. */
function changedView() {
  const { changes } = report;
  const [gained, lost] = ["gained", "lost"].map(changeCount);
  const apart = notCompared(changes);
  const changed = changes.categories.filter((each) => each.gained + each.lost > 0);
  const unchanged = changes.categories.filter((each) => each.gained + each.lost === 0).map(({ category }) => categories[category].name);
  return element("article", { class: "view" },
    element("header", { class: "head" },
      element("h2", {}, "Changed"),
      element("p", { class: "counts" }, `Since ${changes.name}: `, element("b", {}, plural(gained, "match", "matches")), " gained, ",
        element("b", {}, plural(lost, "match", "matches")), ` lost · ${plural(changes.sharedCount, "image")} in both`
        + ` · neutral margin ${beforeAndNow(...toldApart(changes.neutralMargin, report.neutralMargin))}`),
      apart.length > 0 ? element("div", { class: "uncompared" }, element("h3", {}, "Not compared"), element("ul", {}, ...apart.map((text) => element("li", {}, text)))) : null),
    changes.categories.length === 0 ? element("p", { class: "none" }, "The two files have no category in common.") : null,
    changed.length > 0 ? changeTable(changed) : null,
    unchanged.length > 0 ? element("p", { class: "unchanged" }, `No decision has changed in ${plural(unchanged.length, "category", "categories")}: ${unchanged.join(", ")}.`) : null,
    changed.length > 0 ? filterBar({ hasHeldBack: true, hasRandom: false }) : null,
    element("div", { class: "groups" }, ...present(changed.flatMap(changedGroups))),
    element("p", { class: "none", id: "nothing", hidden: true }, "No image passes the filters."));
}
