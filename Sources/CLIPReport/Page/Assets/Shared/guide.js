/** The descriptions of a category, as a guide to what belongs to it. */
function guide({ positive, negative }) {
  const list = (title, texts) => texts.length === 0 ? null
    : element("div", {}, element("dt", {}, title), element("dd", {}, texts.slice(0, 12).join(" · "), texts.length > 12 ? ` · and ${texts.length - 12} more` : ""));
  return element("dl", { class: "guide" }, list("Belongs", positive), list("Does not belong", negative));
}
