/** Up to three matches of a category, from the highest score to the lowest; only those with a thumbnail, if there are any. */
function exampleMatches(index) {
  const matches = categories[index].cards.map(([image]) => report.images[image])
    .filter((image) => image.scores.get(index).outcome === MATCH);
  const pictured = matches.filter(({ picture: { thumbnail } }) => thumbnail !== undefined);
  const images = pictured.length > 0 ? pictured : matches;
  const places = images.length > 3 ? [0, images.length >> 1, images.length - 1] : [...images.keys()];
  return places.map((place) => images[place]);
}

/** What to do on this page, for someone who sees it for the first time. */
function instructions() {
  const steps = [
    ["Look.", " Each category shows its matches, from the highest score, and then images just below its threshold."],
    ["Label.", " The buttons below a picture say whether it belongs to the category. Move with the arrow keys and press ", element("kbd", {}, "y"), ", ",
      element("kbd", {}, "n"), " or ", element("kbd", {}, "u"), " (not sure). Nothing is sent anywhere."],
    ["Save.", " Save labels downloads a file that ", element("code", {}, "clip-cli evaluate"), " reads."],
  ];
  return element("section", { class: "intro", "aria-label": "What to do" },
    element("ol", {}, ...steps.map(([name, ...text]) => element("li", {}, element("b", {}, name), ...text))),
    element("div", { class: "actions" },
      categories.length > 0 ? element("a", { class: "start", href: "#0" }, `Start with “${categories[0].name}”`) : null,
      element("button", { type: "button", onclick: showHelp }, "Keys and help")));
}

/** What labels say of a category, in a few words. */
function tileNote(index) {
  const { right, total, isComplete } = precision(index);
  if (isComplete) return `${right} of ${total} matches right`;
  const labelled = labelledCount(index);
  return labelled === 0 ? "" : labelled === categories[index].cards.length ? "✓ all labelled" : `${count(labelled)} labelled`;
}

/** The overview of all categories. */
function overview() {
  return element("article", { class: "view" },
    element("header", { class: "head" },
      element("h2", {}, "Overview"),
      element("p", { class: "counts" }, element("b", {}, plural(report.imageCount, "image")),
        ` · ${plural(categories.length, "category", "categories")} · ${plural(report.images.length, "image")} in this report`)),
    instructions(),
    element("p", { class: "legend" }, ...legend(categories)),
    element("ul", { class: "tiles", role: "list" }, ...categories.map((category, index) => {
      return element("li", {}, element("a", { class: "tile", href: `#${index}` },
        element("span", { class: "tile-examples" }, ...exampleMatches(index).map((image) =>
          element("span", { class: "picture", title: image.id }, picture(image)))),
        element("span", { class: "tile-name" }, category.name),
        element("span", { class: "tile-count" }, count(category.matches),
          element("small", {}, ` ${category.matches === 1 ? "match" : "matches"}`)),
        sparkline(category),
        element("span", { class: "tile-note" }, `threshold ${decimal(category.threshold)}`,
          element("span", { "data-note": index }, tileNote(index)))));
    })),
    element("dl", { class: "facts" }, ...report.facts.flatMap(([name, value]) =>
      [element("dt", {}, name), element("dd", {}, value)])));
}

/** A table that scrolls on a narrow page. */
const listTable = (header, rows) => element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": header[0] },
  element("table", { class: "list" },
    element("thead", {}, element("tr", {}, ...header.map((text) => element("th", { scope: "col" }, text)))),
    element("tbody", {}, ...rows)));

function failedView() {
  const rows = report.failures.map(([id, stage, reason]) => {
    const row = element("tr", {}, element("td", { class: "id" }, id), element("td", {}, stage), element("td", {}, reason));
    row.filterText = `${id} ${stage} ${reason}`.toLowerCase();
    return row;
  });
  return element("article", { class: "view" },
    element("header", { class: "head" },
      element("h2", {}, "Failed"),
      element("p", { class: "counts" }, element("b", {}, plural(report.failureCount, "image")),
        " failed in the last run and have no scores")),
    report.failureCount === 0 ? element("p", { class: "none" }, "No image failed.") : null,
    report.failureReasons.length > 1 ? element("section", { class: "group" },
      element("h3", {}, "Reasons", element("small", {}, "N stands for any number")),
      listTable(["Reason", "Stage", "Images"], report.failureReasons.map(({ reason, stage, count: number }) =>
        element("tr", {}, element("td", {}, reason), element("td", {}, stage), element("td", { class: "number" }, count(number)))))) : null,
    rows.length > 0 ? element("section", { class: "group" },
      element("h3", {}, "Images", element("small", {}, `${shownOf(rows.length, report.failureCount)} shown`)),
      listTable(["Id", "Stage", "Reason"], rows)) : null,
    element("p", { class: "none", id: "nothing", hidden: true }, "No image passes the filters."));
}
