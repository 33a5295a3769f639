const themes = (() => {
  const key = "clip-report theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => { try { return localStorage.getItem(key); } catch { return null; } };
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  function show(theme) {
    if (theme) root.dataset.theme = theme;
    byID("theme").setAttribute("aria-pressed", isDark());
  }
  show(stored());
  dark.addEventListener("change", () => show());
  return {
    toggle() {
      const theme = isDark() ? "light" : "dark";
      show(theme);
      try { localStorage.setItem(key, theme); } catch { /* The choice then lasts for this visit only. */ }
    },
  };
})();

function save() {
  const rows = labels.rows();
  if (rows.length === 0) return toast("There are no labels to save.");
  const text = formatCSV([["id", "category", "label"], ...rows]);
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  element("a", { href: address, download: `${report.title.replace(/\.[^.]*$/, "")}-labels.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  toast(`${plural(rows.length, "label")} saved`);
}

async function load(file) {
  try {
    const number = labels.load(await file.text());
    cards().forEach(showTick);
    labelsChanged();
    applyFilter();
    toast(`${plural(number, "label")} loaded`);
  } catch (error) {
    toast(`${file.name} is not a labels file: ${error.message}.`);
  }
}

byID("title").textContent = report.title;
byID("summary").textContent = [plural(report.imageCount, "image"), plural(categories.length, "category", "categories"),
  `${count(report.unmatchedCount)} without one`, ...(report.failureCount ? [`${count(report.failureCount)} failed`] : [])].join(" · ");
byID("save").addEventListener("click", save);
byID("load").addEventListener("click", () => byID("file").click());
byID("file").addEventListener("change", ({ target }) => {
  if (target.files[0]) load(target.files[0]);
  target.value = "";
});
byID("theme").addEventListener("click", themes.toggle);
byID("help-button").addEventListener("click", () => byID("help").showModal());
byID("filter").addEventListener("input", applyFilter);

const cardOf = (event) => event.target.closest?.(".card");
byID("main").addEventListener("focusin", (event) => {
  const node = cardOf(event);
  if (!node) return;
  setEntry(node);
  inspect(node.card);
});
// Scrolling with the keyboard moves cards under a resting mouse, which must not select them.
let mouseRests = false;
addEventListener("keydown", () => { mouseRests = true; }, { capture: true });
addEventListener("mousemove", (event) => {
  if (event.movementX || event.movementY) mouseRests = false;
}, { capture: true });
addEventListener("wheel", () => { mouseRests = false; }, { passive: true });
const pointAt = (event) => {
  const node = cardOf(event);
  if (node && !mouseRests && inspected !== node.card) inspect(node.card);
};
byID("main").addEventListener("mouseover", pointAt);
byID("main").addEventListener("mousemove", pointAt);
byID("main").addEventListener("mouseleave", () => inspect(focusedCard()?.card ?? inspected));
byID("main").addEventListener("click", (event) => cardOf(event)?.focus());

addEventListener("hashchange", showView);
let drawnWidth = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === drawnWidth || current.index === undefined) return;
  drawnWidth = innerWidth;
  drawHistogram(current.index);
  markScore(inspected?.score.score);
});

makeNavigation();
showView();
labelsChanged();
