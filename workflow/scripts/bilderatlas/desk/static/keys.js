// Keys and the focus: what all pages do alike.

// Escape quits. What is decided lies on the disk; a box that is half set is none.
export function quit() {
  location.href = "../";
}

// A button that was clicked must not keep the Space bar for itself.
export function giveBackFocus(to) {
  document.addEventListener("click", (event) => {
    if (event.detail > 0 && event.target.closest("button, input, label, select")) {
      if (!event.target.closest("select")) to.focus({ preventScroll: true });
    }
  });
  document.getElementById("filter").addEventListener("change", () => to.focus({ preventScroll: true }));
}

// Is a key meant for the page, and not for a control that has the focus or for the browser?
export function isForPage(event) {
  if (event.ctrlKey || event.metaKey || event.isComposing) return false;
  const control = event.target.closest?.("button, select, input, a");
  return !control || !["Enter", " ", "ArrowUp", "ArrowDown"].includes(event.key);
}
