// Makes pages quicker; every page works without it.
import { initAll } from "../vendor/govuk-frontend.min.js";

// Entries that belong to one choice are shown when it is chosen. Without scripts they are always shown.
function showRevealed(scope) {
  for (const input of scope.querySelectorAll("[data-reveals]")) {
    document.getElementById(input.dataset.reveals)?.classList.toggle("rp-hidden", !input.checked);
  }
}

document.addEventListener("change", (event) => {
  const fieldset = event.target.closest?.("fieldset");
  if (fieldset) showRevealed(fieldset);
});

initAll();
showRevealed(document);

// Parts brought in later get the same behaviour.
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt === document.body) return;
  initAll({ scope: event.detail.elt });
  showRevealed(event.detail.elt);
});

// Buttons that only print.
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// The person's menu closes when the focus or the pointer goes elsewhere, and with Escape.
const menu = document.querySelector(".rp-person");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
