const JPEG_PREFIX = "data:image/jpeg;base64,";
const thumbnailText = byID("thumbnails").textContent;
/** Where each thumbnail begins in the text, which has one per line. */
const thumbnailStarts = (() => {
  const starts = [];
  for (let at = 1; at > 0 && at < thumbnailText.length; at = thumbnailText.indexOf("\n", at) + 1) starts.push(at);
  return starts;
})();

function thumbnailURL(position) {
  const start = thumbnailStarts[position];
  return JPEG_PREFIX + thumbnailText.slice(start, thumbnailText.indexOf("\n", start));
}

/** The thumbnail of an image, or the reason why there is none. */
function picture(image, { alt = "", isLazy = true } = {}) {
  const { thumbnail, reason } = image.picture;
  if (thumbnail === undefined) {
    return element("div", { class: "missing", role: "img", "aria-label": `${alt || shortName(image.id)}: no picture. ${reason}` },
      element("span", {}, "No picture"), element("small", {}, reason));
  }
  return element("img", { src: thumbnailURL(thumbnail), alt, loading: isLazy ? "lazy" : null, decoding: "async" });
}

/** A link to the image itself, if it is known where it is. */
function originalLink({ picture: { link } }) {
  return link ? element("a", { class: "original", href: link, target: "_blank", rel: "noreferrer", "data-key": "original" }, "Original") : null;
}

/** Shows an image as large as the window. */
function enlarge(image, name = shortName(image.id)) {
  const dialog = showDialog(name, [
    element("div", { class: "large picture" }, picture(image, { alt: name, isLazy: false })),
    element("p", { class: "actions" }, originalLink(image)),
  ], [["Close", () => {}]]);
  dialog.classList.add("enlarged");
}
