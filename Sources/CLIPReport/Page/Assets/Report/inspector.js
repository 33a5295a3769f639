let inspected;
/** Whether the details were opened on a narrow page, where they cover a part of it. */
let isSheetOpen = false;

const isWide = () => matchMedia("(min-width: 1241px)").matches;
const isPanelOpen = () => inspected !== undefined && (isWide() || isSheetOpen);

/** Shows the details of an image, with the category of its card first. */
function inspect(shown) {
  inspected = shown;
  if (!shown) isSheetOpen = false;
  refreshInspector();
  markScore(shown && shown.category === current.index ? shown.score.score : undefined);
}

function openPanel() {
  isSheetOpen = true;
  refreshInspector();
}

function closePanel() {
  isSheetOpen = false;
  refreshInspector();
  currentCard?.focus({ preventScroll: true });
}

function refreshInspector() {
  const panel = byID("inspector");
  const focusedKey = panel.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  panel.classList.toggle("open", isPanelOpen());
  panel.hidden = !isGallery();
  document.body.classList.toggle("without-panel", panel.hidden);
  document.body.classList.toggle("with-sheet", isSheetOpen);
  if (!inspected) {
    panel.shown = undefined;
    panel.replaceChildren(element("p", { class: "hint" }, "Click an image, or move to one with ", element("kbd", {}, "j"), " and ",
      element("kbd", {}, "k"), ", to see its scores."));
    return;
  }
  const { image, category, score, earlier } = inspected;
  const others = [...image.scores.values()].filter((other) => other.category !== category)
    .sort((a, b) => shortfall(b) - shortfall(a) || b.score - a.score);
  // The place in the table is kept while the same image is shown; reading it otherwise costs a layout of the page.
  const scroll = panel.shown === image ? panel.querySelector(".scroll").scrollTop : 0;
  panel.shown = image;
  panel.replaceChildren(...present([
    element("button", { class: "icon close", type: "button", "data-key": "close", "aria-label": "Close the details", onclick: closePanel }, "×"),
    element("div", { class: "detail-head" },
      element("button", { type: "button", class: "picture", "data-key": "enlarge", "aria-label": `Enlarge ${shortName(image.id)}`,
        onclick: () => enlarge(image) }, picture(image)),
      element("div", {},
        element("h2", {}, shortName(image.id)),
        element("p", { class: "full-id" }, image.id),
        element("div", { class: "actions" },
          element("button", { type: "button", class: "small", "data-key": "copy", onclick: () => copyText(image.id) }, "Copy id"),
          originalLink(image)))),
    element("p", { class: `explanation ${KINDS[score.outcome]}` }, explanation(score)),
    earlier ? element("p", { class: `explanation ${KINDS[earlier.outcome]}` }, earlierExplanation(earlier)) : null,
    element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Scores", "data-key": "scores" }, similarImages(image), element("table", { class: "parts" },
      element("thead", {}, element("tr", {},
        ...[["Label"], ["Category"], ["Score"], ["Pos.", "Positive"], ["Neg.", "Negative"], ["Neut.", "Neutral"],
          ["Gap", "Neutral gap: positive − neutral"]].map(([text, long]) =>
          element("th", { scope: "col", title: long, "aria-label": long }, text)))),
      element("tbody", {}, ...[score, ...others].map((each) => scoreRow(image, each, each.category === category))))),
    image.scores.size < categories.length
      ? element("p", { class: "hint" }, `The ${image.scores.size} nearest of ${categories.length} categories.`) : null,
  ]));
  if (scroll > 0) panel.querySelector(".scroll").scrollTop = scroll;
  if (focusedKey) [...panel.querySelectorAll("[data-key]")].find((node) => node.dataset.key === focusedKey)?.focus({ preventScroll: true });
}

/** The images of the report that are most similar to one, to go to. */
function similarImages({ similar }) {
  if (similar.length === 0) return null;
  return element("div", { class: "similar", role: "group", "aria-label": "Similar images" }, element("p", { class: "hint" }, "Similar"), ...similar.map((place) => {
    const image = report.images[place], name = `Similar: ${shortName(image.id)}`;
    return element("button", { type: "button", class: "picture", title: name, "aria-label": name, onclick: () => goToImage(place) }, picture(image));
  }));
}

function scoreRow(image, score, isMain) {
  const { name, threshold } = categories[score.category];
  const gap = score.neutral === null ? null : score.positive - score.neutral;
  return element("tr", { class: `${KINDS[score.outcome]}${isMain ? " main" : ""}` },
    element("td", {}, labelButton(image, name)),
    element("th", { scope: "row", title: `${name}: ${OUTCOMES[score.outcome]}, threshold ${decimal(threshold)}` },
      element("span", { class: "dot", role: "img", "aria-label": OUTCOMES[score.outcome] }), element("span", { class: "cell-name" }, name)),
    ...[score.score, score.positive, score.negative, score.neutral, gap].map((value) => element("td", {}, decimal(value))));
}

/** A button that cycles the label of an image for any category: none, 1, 0. */
function labelButton(image, name) {
  const label = labels.get(image.id, name);
  return element("button", { type: "button", class: "label-button", "data-label": label, "data-key": `label ${name}`,
    title: `${name}: ${labelName(label, name)}`, "aria-label": `${name}: ${labelName(label, name)}; change`, onclick: () => {
      labels.change(`${shortName(image.id)}, ${name}`, [{ id: image.id, category: name, annotator: annotatorName(),
        label: label === undefined ? 1 : label === 1 ? 0 : undefined }]);
    } }, label === undefined ? "·" : label === UNSURE ? "?" : String(label));
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`Copied: ${text}`);
  } catch {
    toast("The browser does not allow copying. Select the text instead.");
  }
}
