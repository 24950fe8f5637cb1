// unfold opens its menu and its filters by elements that no keyboard reaches and no reader names. They become buttons.
(() => {
  // It writes the name of a chosen file into a box beside it, and stumbles over a file that has none: ours need none.
  addEventListener("DOMContentLoaded", () => {
    for (const input of document.querySelectorAll(".desk-field input[type=file]")) input.hasChangeListener = true;
  }, true);
  const names = document.currentScript.dataset;
  const become = [
    [/^filterOpen = true/, null],
    [/^sidebar/, names.menu],
    [/^openUserLinks/, names.you],
    [/^showActions/, names.more],
  ];
  document.addEventListener("DOMContentLoaded", () => {
    for (const thing of document.querySelectorAll("[x-on\\:click]")) {
      const does = thing.getAttribute("x-on:click").trim();
      const found = become.find(([pattern]) => pattern.test(does));
      if (!found || thing.matches("button, input, [href]:not([href='#'])")) continue;
      thing.setAttribute("role", "button");
      thing.tabIndex = 0;
      if (found[1]) thing.setAttribute("aria-label", found[1]);
      thing.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        thing.click();
      });
    }
  });
  // select2, with which Django has a row chosen, names its box by what is in it: nothing, at first.
  const name = (box) => {
    const select = box.closest(".select2-container")?.previousElementSibling;
    const label = select?.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
    if (!label || !box.hasAttribute("aria-labelledby")) return;
    const shown = box.querySelector(".select2-selection__rendered");
    box.removeAttribute("aria-labelledby");
    box.setAttribute("aria-label", label.textContent.replace("*", "").trim());
    if (shown?.id) box.setAttribute("aria-describedby", shown.id);
    shown?.removeAttribute("role");
    shown?.removeAttribute("aria-readonly");
  };
  const nameAll = () => document.querySelectorAll(".select2-selection[aria-labelledby]").forEach(name);
  document.addEventListener("DOMContentLoaded", () => {
    // Whenever it comes to make them, which is no event.
    new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
    nameAll();
  });
})();
