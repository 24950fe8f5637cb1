/* A button that copies a field's text: `data-copy` names the field. Without this file the field is there to be selected. */
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const says = document.querySelector("[data-copy-says]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    let copied = false;
    try {
      await navigator.clipboard.writeText(field.value);
      copied = true;
    } catch {
      // A page that did not come over TLS, or a browser that refuses: it stands selected.
      copied = document.execCommand("copy");
    }
    says.textContent = copied ? button.dataset.copied : button.dataset.byHand;
    button.dataset.done = copied ? "yes" : "no";
  });
}
