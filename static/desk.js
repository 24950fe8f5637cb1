// unfold opens its menu and its filters by elements that no keyboard reaches and no reader names. They become buttons.
(() => {
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
})();
