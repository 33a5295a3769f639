const move = (step) => () => goToTask(place + step);

startAsking();
fillQueue();
place = nextOpen(0) ?? queue.length;
showTask();
showAdvice();
labels.onChange((changes) => {
  forgetAdvice(changes);
  if (isMovingOn) return;
  showTask();
  showAdvice();
});
startPage(page.title, labelTask, {
  ArrowLeft: move(-1), ArrowRight: move(1), e: () => queue[place] && byID("image").click(),
}, (name, event) => !name.startsWith("Arrow") || !event.target.closest?.("select, input"));
