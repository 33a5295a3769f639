/** A file's name without its extension. */
const stem = (name) => name.replace(/\.[^.]*$/, "");

const showHelp = () => byID("help").showModal();

/** Starts what both pages have; keys call `label` with 1, 0 or `UNSURE`, and the other actions. */
function startPage(title, label, actions, isApplicable) {
  byID("title").textContent = title;
  byID("help-button").addEventListener("click", showHelp);
  themes.start();
  const [yes, no, unsure] = [1, 0, UNSURE].map((value) => () => label(value));
  startKeys({
    y: yes, 1: yes, n: no, 0: no, u: unsure, z: () => step("undo"), r: () => step("redo"), s: save, t: themes.toggle, "?": showHelp,
    ...actions,
  }, isApplicable);
  startFiles();
  document.body.classList.add("ready");
}
