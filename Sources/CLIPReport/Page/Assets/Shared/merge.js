const CONTRADICTIONS_SHOWN = 200;

/**
 * Asks what becomes of contradictions and of labels that the page cannot show; `undefined` if nothing shall be loaded.
 *
 * `othersAreKept` says whether labels of other images are kept unless the person decides otherwise; `undefined` if they cannot be.
 */
function askToMerge(fileName, found, agreements, othersAreKept) {
  const { added, same, contradicting, elsewhere, unknownCategories, ambiguous } = found;
  const unknown = [...unknownCategories.values()].reduce((sum, number) => sum + number, 0);
  if (contradicting.length + elsewhere.length + unknown + ambiguous.length + agreements.length === 0) return { choice: "keep", keepsElsewhere: false };
  const option = (value, text, isChosen) => element("label", { class: "option" },
    element("input", { type: "radio", name: "contradictions", value, checked: isChosen }), ` ${text}`);
  const line = (text) => element("li", {}, text);
  const list = (rows, text) => element("details", {}, element("summary", {}, "Show them"),
    element("ul", { class: "plain" }, ...rows.slice(0, CONTRADICTIONS_SHOWN).map((row) => line(text(row))),
      rows.length > CONTRADICTIONS_SHOWN ? line(`and ${count(rows.length - CONTRADICTIONS_SHOWN)} more`) : null));
  const elsewhereBox = element("input", { type: "checkbox", checked: othersAreKept === true });
  const others = plural(elsewhere.length, "label");
  const content = [
    element("p", {}, `${count(added.length)} new, ${count(same.length)} the same, ${contradicting.length === 1 ? "1 contradicts" : `${count(contradicting.length)} contradict`} yours.`),
    ...agreements.map(({ person, agreeing, total, kappa }) => element("p", {},
      `Agreement with ${person}: ${count(agreeing)} of ${plural(total, "label")} (${Math.round(agreeing / total * 100)} %), Cohen's kappa ${kappa.toFixed(2)}.`)),
    contradicting.length > 0 ? element("fieldset", {}, element("legend", {}, "Contradictions"),
      option("keep", "Keep yours", true), option("take", "Take the file's"), option("unsure", "Mark them as not sure, to decide later"),
      list(contradicting, (row) => `${row.id}: ${labelName(row.label, row.category)} in the file, ${labelName(row.here, row.category)} here`)) : null,
    ambiguous.length > 0 ? element("div", {}, element("p", {}, `${plural(ambiguous.length, "image is", "images are")} labelled both ways within the file and left out.`),
      list(ambiguous, (row) => `${row.id}, ${row.category}: rows ${row.row} and ${row.rival.row}`)) : null,
    unknown > 0 ? element("p", {}, `${plural(unknown, "label")} of categories that are not on this page ${unknown === 1 ? "is" : "are"} left out: ${[...unknownCategories.keys()].slice(0, 10).join(", ")}.`) : null,
    elsewhere.length === 0 ? null : othersAreKept === undefined
      ? element("p", {}, `${others} that this page does not ask for ${elsewhere.length === 1 ? "is" : "are"} left out.`)
      : element("label", { class: "option" }, elsewhereBox, ` Keep ${others} of images that are not on this page, for the saved file`),
  ];
  return new Promise((done) => {
    const dialog = showDialog(`Load ${fileName}`, content, [
      ["Load", () => done({ choice: dialog.querySelector("[name=contradictions]:checked")?.value ?? "keep", keepsElsewhere: elsewhereBox.checked })],
      ["Cancel", () => done(undefined)],
    ]);
  });
}
