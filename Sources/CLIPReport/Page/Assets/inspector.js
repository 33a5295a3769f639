let inspected;

/** Shows the details of an image, with the category of its card first. */
function inspect(shown) {
  inspected = shown;
  refreshInspector();
  markScore(shown && shown.category === current.index ? shown.score.score : undefined);
}

function refreshInspector() {
  const panel = byID("inspector");
  const scroll = panel.querySelector(".scroll")?.scrollTop ?? 0;
  panel.classList.toggle("open", inspected !== undefined);
  panel.hidden = !isGallery();
  if (!inspected) {
    panel.replaceChildren(element("p", { class: "hint" }, "Point at an image, or move to one with ", element("kbd", {}, "j"), " and ",
      element("kbd", {}, "k"), ", to see its scores."));
    return;
  }
  const { image, category, score } = inspected;
  const others = [...image.scores.values()].filter((other) => other.category !== category)
    .sort((a, b) => shortfall(b) - shortfall(a) || b.score - a.score);
  panel.replaceChildren(...present([
    element("button", { class: "icon close", type: "button", "aria-label": "Close the details", onclick: () => inspect(undefined) }, "×"),
    element("div", { class: "detail-head" }, element("div", { class: "picture" }, picture(image)),
      element("div", {},
        element("h2", {}, shortName(image.id)),
        element("p", { class: "full-id" }, image.id),
        element("button", { type: "button", class: "small", onclick: () => copy(image.id) }, "Copy id"))),
    element("p", { class: `explanation ${KINDS[score.outcome]}` }, explanation(score)),
    element("div", { class: "scroll" }, element("table", { class: "parts" },
      element("thead", {}, element("tr", {},
        ...[["Category"], ["Score"], ["Pos.", "Positive"], ["Neg.", "Negative"], ["Neut.", "Neutral"],
          ["Margin", "Positive − neutral"], ["", "Label"]].map(([text, long]) =>
          element("th", { scope: "col", title: long, "aria-label": long }, text)))),
      element("tbody", {}, ...[score, ...others].map((each) => scoreRow(image, each, each.category === category))))),
    image.scores.size < categories.length
      ? element("p", { class: "hint" }, `The ${image.scores.size} nearest of ${categories.length} categories.`) : null,
  ]));
  const list = panel.querySelector(".scroll");
  list.scrollTop = scroll;
}

function scoreRow(image, score, isMain) {
  const { name, threshold } = categories[score.category];
  const margin = score.neutral === null ? null : score.positive - score.neutral;
  return element("tr", { class: `${KINDS[score.outcome]}${isMain ? " main" : ""}` },
    element("th", { scope: "row", title: `${name}: ${OUTCOMES[score.outcome]}, threshold ${decimal(threshold)}` },
      element("span", { class: "dot", role: "img", "aria-label": OUTCOMES[score.outcome] }), element("span", { class: "cell-name" }, name)),
    ...[score.score, score.positive, score.negative, score.neutral, margin].map((value) => element("td", {}, decimal(value))),
    element("td", {}, labelButton(image, name)));
}

/** A button that cycles the label of an image for any category: none, 1, 0. */
function labelButton(image, name) {
  const label = labels.get(image.id, name);
  const said = label === undefined ? "no label" : label === 1 ? "belongs" : "does not belong";
  return element("button", { type: "button", class: "label-button", "data-label": label, title: `${name}: ${said}`,
    "aria-label": `${name}: ${said}; change`, onclick: () => {
      labels.set(image.id, name, label === undefined ? 1 : label === 1 ? 0 : undefined);
      for (const node of cards()) if (node.card.image === image) showTick(node);
      labelsChanged();
    } }, label === undefined ? "·" : label === 1 ? "1" : "0");
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Id copied.");
  } catch {
    toast("The browser does not allow copying. Select the id instead.");
  }
}
