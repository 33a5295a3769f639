/**
 * The name of the key that was pressed: the letter printed on it. On layouts with other letters, or where a sign needs
 * more keys, its place counts, as on a US keyboard.
 */
function keyName({ key, code }) {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  if (/^[0-9?/[\]]$/.test(key)) return key;
  if (code === "BracketLeft") return "[";
  if (code === "BracketRight") return "]";
  const place = /^(?:Key([A-Z])|(?:Digit|Numpad)([0-9]))$/.exec(code ?? "");
  if (place && (key.length === 1 || key === "Dead" || key === "Process")) return (place[1] ?? place[2]).toLowerCase();
  return key;
}

const shortcutsKey = "clip-labels shortcuts";
const areShortcutsOn = () => remembered(shortcutsKey) !== "off";

/** Lets keys call the actions of a map; `isApplicable` says whether one applies to an event. */
function startKeys(actions, isApplicable = () => true) {
  const box = byID("shortcuts");
  box.checked = areShortcutsOn();
  box.addEventListener("change", () => remember(shortcutsKey, box.checked ? undefined : "off"));
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing || isDialogOpen()) return;
    const isTyping = event.target.closest?.("input:not([type=checkbox], [type=radio], [type=range]), textarea, select");
    const name = keyName(event);
    if (event.ctrlKey || event.metaKey) {
      const direction = name === "z" ? (event.shiftKey ? "redo" : "undo") : name === "y" ? "redo" : undefined;
      if (direction && !isTyping) {
        event.preventDefault();
        step(direction);
      } else if (name === "a" && actions.selectAll && !isTyping && isApplicable("selectAll", event)) {
        event.preventDefault();
        actions.selectAll();
      }
      return;
    }
    if (isTyping) return;
    const isCharacter = name.length === 1;
    const action = actions[name];
    if (!action || (isCharacter && !box.checked) || !isApplicable(name, event)) return;
    event.preventDefault();
    action(event);
  });
}
