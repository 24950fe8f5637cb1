/* The button that opens the browser's print window: `data-print`. Without this file the browser's own menu prints the page. */
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
