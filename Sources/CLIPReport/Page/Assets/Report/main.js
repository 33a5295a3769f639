byID("summary").textContent = [plural(report.imageCount, "image"), plural(categories.length, "category", "categories"),
  `${count(report.unmatchedCount)} without one`, ...(report.failureCount ? [`${count(report.failureCount)} failed`] : [])].join(" · ");
byID("filter").addEventListener("input", applyFilter);
byID("filter").addEventListener("keydown", (event) => {
  if (event.key !== "Escape" && event.key !== "Enter") return;
  event.preventDefault();
  if (event.key === "Escape") event.target.value = "";
  applyFilter();
  move(0);
});
byID("skip").addEventListener("click", (event) => {
  event.preventDefault();
  if (isGallery() && currentCard) focusCard(currentCard);
  else byID("main").focus();
});

addEventListener("hashchange", showView);
addEventListener("beforeprint", () => document.querySelectorAll("img").forEach((image) => { image.loading = "eager"; }));
let drawnWidth = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === drawnWidth) return;
  drawnWidth = innerWidth;
  refreshInspector();
  if (current.index === undefined) return;
  drawHistogram(current.index);
  markScore(inspected?.category === current.index ? inspected.score.score : undefined);
});

// What sticks below the header begins where it ends, however many lines it has.
new ResizeObserver(([{ target }]) => document.documentElement.style.setProperty("--top", `${target.offsetHeight}px`))
  .observe(document.querySelector(".top"));

startSelection();
makeNavigation();
showView();
labels.onChange(labelsChanged);
showProgress(categories.keys());
startPage(report.title, labelByKey, ACTIONS, applies);
