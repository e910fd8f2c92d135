// The pages work without this script.
"use strict";

// A button with data-copy copies the text of the element with that id.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copy).textContent.trim();
  navigator.clipboard.writeText(text).then(
    () => { button.textContent = "Copied"; },
    () => { button.textContent = "Select and copy it by hand"; },
  );
});
for (const button of document.querySelectorAll("[data-copy]")) {
  // A browser has a clipboard only in a secure context: under TLS or on this machine.
  button.hidden = !navigator.clipboard;
}
