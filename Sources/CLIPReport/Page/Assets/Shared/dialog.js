/** Shows a dialog with buttons of `[name, action]`; the last one is what Esc does. */
function showDialog(title, content, buttons) {
  const dialog = element("dialog", { "aria-labelledby": "dialog-title" },
    element("h2", { id: "dialog-title" }, title), element("div", { class: "dialog-content" }, ...present(content)),
    element("div", { class: "dialog-buttons" }, ...buttons.map(([name, action], index) =>
      element("button", { type: "button", class: index === 0 ? "primary" : null, onclick: () => close(action) }, name))));
  let isClosed = false;
  function close(action) {
    if (isClosed) return;
    isClosed = true;
    dialog.close();
    dialog.remove();
    action();
  }
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(buttons[buttons.length - 1][1]);
  });
  dialog.addEventListener("close", () => close(buttons[buttons.length - 1][1]));
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Whether a dialog is open, to which keys belong. */
const isDialogOpen = () => document.querySelector("dialog[open]") !== null;
