/* News that comes while a page lies open: said in its title and in a toast that stays until it is closed. */
"use strict";

(() => {
  const title = document.title;
  // Nobody looks: nothing is asked. The next turn after somebody does asks again.
  document.addEventListener("htmx:beforeRequest", (event) => { if (document.hidden) event.preventDefault(); });
  // Without a signal the next turn asks again; it is no error of the page.
  document.addEventListener("htmx:afterSettle", () => {
    const newest = [...document.querySelectorAll("[data-news]")].pop();
    document.title = newest ? `${newest.dataset.news} · ${title}` : title;
  });
  document.addEventListener("click", (event) => {
    const close = event.target.closest?.("[data-news] [data-close]");
    if (!close) return;
    close.closest("[data-news]").remove();  // empower.js says where the focus goes
    if (!document.querySelector("[data-news]")) document.title = title;
  });
  document.documentElement.dataset.live = "yes";
})();
