"use strict";

/** Says on the page that it does not work, instead of leaving one that only looks alive. */
function reportFailure(reason) {
  const show = () => {
    const note = document.getElementById("broken");
    note.hidden = false;
    note.querySelector("code").textContent = reason;
  };
  if (document.getElementById("broken")) show();
  else document.addEventListener("DOMContentLoaded", show);
}

addEventListener("error", (event) => reportFailure(event.message || "a part of the page cannot be loaded"));
addEventListener("unhandledrejection", (event) => reportFailure(String(event.reason)));
