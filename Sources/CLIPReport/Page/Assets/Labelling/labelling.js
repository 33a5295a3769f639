byID("title").textContent = page.title;
byID("help-button").addEventListener("click", () => byID("help").showModal());

const move = (step) => () => goToTask(place + step);
const ACTIONS = {
  y: () => judge(1), 1: () => judge(1), n: () => judge(0), 0: () => judge(0), u: () => judge(UNSURE),
  z: () => step("undo"), Backspace: () => step("undo"), r: () => step("redo"),
  ArrowLeft: move(-1), ArrowRight: move(1), e: () => byID("image").click(),
  s: save, t: themes.toggle, "?": () => byID("help").showModal(),
};

themes.start();
startKeys(ACTIONS, (name, event) => !name.startsWith("Arrow") || !event.target.closest?.("select, input"));
startJudging();
startFiles();
fillQueue();
place = nextOpen(0) ?? queue.length;
showTask();
showAdvice();
labels.onChange((changes) => {
  forgetAdvice(changes);
  if (isGoingOn) return;
  showTask();
  showAdvice();
});
document.body.classList.add("ready");
