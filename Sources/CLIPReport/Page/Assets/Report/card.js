const ICONS = { yes: "M3 8.5 6.5 12 13 4.5", no: "m4 4 8 8m0-8-8 8", unsure: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.7 8 9 8 10m0 2.6v.1" };
const icon = (name) => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
const CHOICES = [[1, "yes"], [0, "no"], [UNSURE, "unsure"]];

/** The last component of an id, whose middle is cut out where it is too long: names often differ at the end only. */
function cutName(id) {
  const characters = [...shortName(id)];
  const cut = characters.length > 11 ? characters.length - 9 : 0;
  return element("span", { class: "name", title: id }, element("span", {}, characters.slice(0, cut).join("")),
    element("span", {}, characters.slice(cut).join("")));
}

/** One image with the decision on one category, and with that of an earlier run if there is one, and buttons that label it. */
function card([position, category, isRandom, earlier], { namesCategory = false, marksRandom = false } = {}) {
  const image = report.images[position];
  const score = image.scores.get(category);
  const { name, threshold } = categories[category];
  const button = ([label, kind]) => element("button", { type: "button", class: kind, tabindex: "-1", "data-label": label,
    title: labelName(label, name), "aria-label": `${labelName(label, name)}: ${shortName(image.id)}`,
    onclick: () => labelCards([node], label, { toggles: true }) }, icon(kind),
    label === UNSURE ? null : element("span", {}, labelName(label, name)));
  const node = element("div", { class: `card ${KINDS[score.outcome]}`, role: "group", tabindex: "-1" },
    // The click says what becomes current; by default, pressing the button already focuses the card.
    element("div", { class: "picture", onmousedown: (event) => event.preventDefault(), onclick: (event) => pictureClicked(event, node) }, picture(image),
      element("span", { class: "verdict", "aria-hidden": "true" }),
      isRandom && marksRandom ? element("span", { class: "badge", title: "In the random sample of matches" }, "random") : null),
    element("div", { class: "caption" },
      cutName(image.id),
      element("span", { class: "score", title: `${decimal(score.score - threshold, { sign: true })} from the threshold` },
        decimal(score.score))),
    namesCategory ? element("div", { class: "nearest" }, `nearest: ${name}, ${decimal(shortfall(score))}`) : null,
    earlier ? decisions(score, earlier) : null,
    element("div", { class: "ticks" }, ...CHOICES.map(button)));
  node.card = { image, category, score, earlier, isRandom: isRandom === 1, place: 0 };
  showCard(node);
  return element("li", {}, node);
}

/** Updates a card to show its label. */
function showCard(node) {
  const { image, category, score, earlier } = node.card;
  const { name } = categories[category];
  const tick = verdict(image, category);
  const label = labels.get(image.id, name);
  const others = [...labels.opinions(image.id, name)].filter(([, other]) => other !== label);
  node.classList.toggle("ticked-right", tick === true);
  node.classList.toggle("ticked-wrong", tick === false);
  const mark = node.querySelector(".verdict");
  mark.textContent = label === undefined ? "" : `${labelName(label, name)}${others.length > 0 ? ` ≠ ${others[0][0]}` : ""}`;
  for (const button of node.querySelectorAll(".ticks button")) {
    button.setAttribute("aria-pressed", button.dataset.label === String(label));
  }
  const said = label === undefined ? "not labelled" : `labelled ${labelName(label, name)}${tick === false ? ", so the decision is wrong" : ""}`;
  const before = earlier ? `before: ${OUTCOMES[earlier.outcome]}, score ${decimal(earlier.score)}, ` : "";
  const disputed = others.map(([person, other]) => `, ${person}: ${labelName(other, name)}`).join("");
  node.setAttribute("aria-label", `${shortName(image.id)}, ${name}: ${OUTCOMES[score.outcome]}, score ${decimal(score.score)}, ${before}${said}${disputed}`);
}

/** Gives cards a label in one step; if `toggles` is true, repeating the same label removes it. */
function labelCards(nodes, label, { toggles = false } = {}) {
  const changes = nodes.map(({ card: { image, category } }) => {
    const name = categories[category].name;
    const isRepeated = toggles && labels.get(image.id, name) === label;
    return { id: image.id, category: name, label: isRepeated ? undefined : label, annotator: annotatorName() };
  });
  if (changes.length === 0) return;
  const [{ id, category, label: given }] = changes;
  const what = changes.length === 1 ? shortName(id) : plural(changes.length, "image");
  const isOneCategory = changes.every((change) => change.category === category);
  labels.change(`${what}: ${labelName(given, isOneCategory ? category : undefined)}`, changes);
}
