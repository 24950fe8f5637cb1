/* A shared phone: what is on its screen goes when the session does. A minute before, it says so; whoever types stays. */
"use strict";

(() => {
  const whose = document.querySelector("[data-idle]");
  if (!whose) return;
  const { idle, over, stay, says, button } = whose.dataset;
  let warning, ending, toast;
  let told = Date.now();

  function begin() {
    clearTimeout(warning);
    clearTimeout(ending);
    toast?.remove();
    warning = setTimeout(warn, (Number(idle) - 60) * 1000);
    // The server has ended it by then, and the page that is asked for says why.
    ending = setTimeout(() => location.replace(over), (Number(idle) + 5) * 1000);
  }
  async function touch() {
    told = Date.now();
    const answer = await fetch(stay, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token() } }).catch(() => null);
    if (answer?.ok) begin();
  }
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  function warn() {
    toast = document.createElement("div");
    toast.className = "toast";
    const words = document.createElement("span");
    words.textContent = says;
    const more = document.createElement("button");
    more.type = "button";
    more.className = "btn btn-small";
    more.textContent = button;
    more.addEventListener("click", touch);
    toast.append(words, more);
    document.querySelector(".toasts")?.append(toast);
  }

  document.addEventListener("input", () => { if (Date.now() - told > 60_000) touch(); });
  // The back button brings a page as it was left, its clock stopped: ask for it anew.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  begin();
})();
