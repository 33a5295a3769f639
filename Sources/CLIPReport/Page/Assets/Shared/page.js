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

/** The last component of an id. */
const shortName = (id) => id.replace(/\/+$/, "").split("/").pop() || id || "(empty id)";

/** Shows a short message, which screen readers also read out: the only live region of the page. */
const toast = (() => {
  let timer;
  return (text, action) => {
    const node = byID("toast");
    node.replaceChildren(...present([text, action ? element("button", { type: "button", onclick: action.run }, action.name) : null]));
    node.classList.add("shown");
    clearTimeout(timer);
    timer = setTimeout(() => node.classList.remove("shown"), action ? 8000 : 4000);
  };
})();

/** What this browser keeps; `undefined` for what it does not keep or may not. */
function remembered(key) {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(key, value) {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
