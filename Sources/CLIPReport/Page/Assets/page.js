"use strict";

const { report, thumbnails } = JSON.parse(document.getElementById("data").textContent);
const categories = report.categories;
const OUTCOMES = ["match", "held back by the neutral test", "below the threshold"];
const MATCH = 0, HELD_BACK = 1, BELOW = 2;

for (const image of report.images) {
  image.scores = new Map(image.scores.map(([category, outcome, score, positive, negative, neutral]) =>
    [category, { category, outcome, score: Number(score), positive: Number(positive), negative, neutral }]));
}

const byID = (id) => document.getElementById(id);

/** Creates an element. Attributes that start with "on" are listeners, strings become text nodes, `null` is ignored. */
function element(name, attributes, ...children) {
  return build(document.createElement(name), attributes, children);
}

function svg(name, attributes, ...children) {
  return build(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name.startsWith("aria-") || typeof value !== "boolean") {
      if (value !== null && value !== undefined) node.setAttribute(name, value);
    } else node.toggleAttribute(name, value);
  }
  node.append(...present(children));
  return node;
}

const present = (children) => children.filter((child) => child !== null && child !== undefined);

const counted = new Intl.NumberFormat("en");
const count = (number) => counted.format(number);
const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

/** A score with three decimals, or three significant digits if it is tiny or at least 1000. */
function decimal(value, { sign = false } = {}) {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 0.001 || size >= 1000) ? size.toPrecision(3) : size.toFixed(3);
  return (value < 0 ? "−" : sign ? "+" : "") + text;
}

/** The last component of an id. */
const shortName = (id) => id.replace(/\/+$/, "").split("/").pop() || id || "(empty id)";

/** The thumbnail of an image, or the reason why there is none. */
function picture(image, { alt = "" } = {}) {
  if (image.thumbnail === undefined || image.thumbnail === null) {
    return element("div", { class: "missing", role: "img", "aria-label": `${alt || image.id}: no picture. ${image.reason}` },
      element("span", {}, "No picture"), element("small", {}, image.reason));
  }
  return element("img", { src: `data:image/jpeg;base64,${thumbnails[image.thumbnail]}`, alt, loading: "lazy", decoding: "async" });
}

/** The decision on an image for a category, as a sentence. */
function explanation(score) {
  const { name, threshold } = categories[score.category];
  const limit = `the threshold ${decimal(threshold)}`;
  const neutral = score.neutral === null ? null : `neutral ${decimal(score.neutral)} + ${decimal(report.neutralMargin)}`;
  switch (score.outcome) {
    case MATCH:
      return `In “${name}”: the score ${decimal(score.score)} reaches ${limit}`
        + (neutral ? `, and positive ${decimal(score.positive)} reaches ${neutral}.` : ".");
    case HELD_BACK:
      return `Not in “${name}”: the score ${decimal(score.score)} reaches ${limit}, but positive `
        + `${decimal(score.positive)} is below ${neutral}.`;
    default:
      return `Not in “${name}”: the score ${decimal(score.score)} is ${decimal(threshold - score.score)} below ${limit}.`;
  }
}

/** How far an image is from matching: 0 for a match, otherwise negative. */
function shortfall(score) {
  if (score.outcome === MATCH) return 0;
  if (score.outcome === HELD_BACK) return score.positive - score.neutral - report.neutralMargin;
  return score.score - categories[score.category].threshold;
}

/** Shows a short message, which screen readers also read out. */
const toast = (() => {
  let timer;
  return (text) => {
    const node = byID("toast");
    node.textContent = text;
    node.classList.add("shown");
    clearTimeout(timer);
    timer = setTimeout(() => node.classList.remove("shown"), 3500);
  };
})();
