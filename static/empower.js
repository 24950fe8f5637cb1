/* What the pages can do beyond what they do without it: nothing here is needed to log, give or answer.
   One file, no library; it changes attributes and text, never markup from strings. */
"use strict";

(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const root = document.documentElement;

  // What is done by keys goes by other rules than a tap: nothing acts before it is asked, and the focus follows.
  let isByKeys = false;
  addEventListener("keydown", () => { isByKeys = true; }, true);
  addEventListener("pointerdown", () => { isByKeys = false; }, true);

  /* ── a form is sent once: the key in it makes a second sending harmless, this makes it rare ── */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    // Not `disabled`: a disabled button would not be sent along.
    for (const button of all("button:not([type=button])", form)) button.setAttribute("aria-disabled", "true");
    // What takes longer than a moment says so: kept out of sight until then.
    for (const busy of all("[data-busy]", form)) busy.hidden = false;
  });
  // Back in the browser brings the page as it was left.
  addEventListener("pageshow", () => {
    for (const form of all("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of all("[aria-disabled]", form)) button.removeAttribute("aria-disabled");
      for (const busy of all("[data-busy]", form)) busy.hidden = true;
    }
  });

  /* ── a mistake is shown where one looks ── */
  const mistake = one("[role=alert]");
  if (mistake) {
    mistake.tabIndex = -1;
    mistake.focus({ preventScroll: true });
    mistake.scrollIntoView({ block: "center" });
  }

  /* ── toasts can be put away ── */
  for (const toast of all("[data-toast]")) {
    const close = one("[data-close]", toast);
    close.hidden = false;
    // What it says stands on the page as well: it may go by itself, unless somebody is at it.
    setTimeout(() => { if (!toast.matches(":hover, :focus-within")) toast.remove(); }, 12_000);
  }

  document.addEventListener("click", (event) => {
    const close = event.target.closest?.(".toast [data-close]");
    if (!close) return;
    close.closest(".toast").remove();
    // Not to the top of the page, where whoever has no mouse would begin again.
    (one(".toast [data-close]:not([hidden])") ?? one("#main"))?.focus({ preventScroll: true });
  });

  /* ── filters act when they are changed; by keys every step through the choices is a change, and Enter says when ── */
  for (const form of all("form[data-filters]")) {
    form.addEventListener("change", (event) => {
      if (!isByKeys && event.target.matches("select, input[type=date]") && (event.target.value || event.target.matches("select"))) form.requestSubmit();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("select")) { event.preventDefault(); form.requestSubmit(); }
    });
  }

  /* ── a link to a page that is one form: shown as a sheet above this one ── */
  const sheet = document.createElement("dialog");
  sheet.className = "dialog";
  document.body.append(sheet);
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-sheet]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.href, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const body = one("[data-sheet-body]", page);
      if (!body) throw new Error("no sheet");
      sheet.replaceChildren(document.adoptNode(body));
      const title = one("h1, h2", sheet);
      if (title) { title.id = "sheet-title"; sheet.setAttribute("aria-labelledby", "sheet-title"); }
      sheet.showModal();
      one("textarea, input:not([type=hidden]):not([type=radio])", sheet)?.focus();
    } catch {
      location.assign(link.href);
    }
  });
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet || event.target.closest("[data-back]")) { event.preventDefault(); sheet.close(); }
  });

  /* ── similar cases that were not drawn with the page ── */
  for (const place of all("[data-similar]")) {
    fetch(place.dataset.similar, { credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
      .then((text) => {
        const piece = new DOMParser().parseFromString(text, "text/html").body;
        const wasHere = place.contains(document.activeElement);
        place.replaceChildren(...[...piece.childNodes].map((node) => document.adoptNode(node)));
        if (wasHere) { place.tabIndex = -1; place.focus({ preventScroll: true }); }
      })
      .catch(() => place.replaceChildren());
  }

  const giving = one("form[data-giving]");
  if (giving) watchGiving(giving);

  /* ── log and give: the button says what it does before it is pressed ── */
  function watchGiving(form) {
    const told = form.dataset;
    const places = Number(told.decimals);
    const unit = 10 ** places;
    const language = `${root.lang || "en"}-u-nu-latn`;
    const tiers = JSON.parse(one("#tiers")?.textContent || "[]");
    const worked = JSON.parse(one("#worked")?.textContent || "null");
    const amountInput = one("[data-amount]", form);
    const main = one("[data-main]", form);
    const others = one("[data-others]", form);
    const goes = one("[data-goes]", form);
    const marks = Object.fromEntries(new Intl.NumberFormat(language).formatToParts(1234567.8).map((part) => [part.type, part.value]));

    const writers = {};  // making one costs a slow phone more than all that it writes
    const money = (minor) => {
      const digits = minor % unit ? places : 0;
      // Grouped from four digits on, and whole in a text from right to left: as the server writes it.
      writers[digits] ??= new Intl.NumberFormat(language, {
        style: "currency", currency: told.currency, minimumFractionDigits: digits, maximumFractionDigits: digits,
        currencyDisplay: "symbol", useGrouping: "always",
      });
      const said = writers[digits].format(minor / unit);
      return root.dir === "rtl" ? `\u2066${said.replaceAll("\u200f", "")}\u2069` : said;
    };
    const say = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

    /* Minor units of what was typed, 0 for nothing, null for what only the server can judge. */
    function typed() {
      let text = amountInput.value.normalize("NFKC").replace(/[\u0660-\u0669]/g, (digit) => digit.charCodeAt(0) - 0x660);
      text = text.replace(/\u066b/g, ".").replace(/\u066c/g, ",").replace(/[^\d.,]/g, "");
      if (!text) return 0;
      const group = marks.group && marks.group.trim() ? marks.group : ",";
      const point = marks.decimal || ".";
      const grouped = new RegExp(`^\\d{1,3}(\\${group}\\d{3})+(\\${point}\\d*)?$`);
      if (grouped.test(text)) text = text.split(group).join("");
      text = text.replace(point, ".");
      if (!/^\d+(\.\d*)?$/.test(text)) return null;
      const [whole, part = ""] = text.split(".");
      if (part.length > places || whole.length > 12) return null;
      return Number(whole) * unit + Number((part + "0".repeat(places)).slice(0, places) || 0);
    }

    const checked = (name) => one(`input[name="${name}"]:checked`, form);
    function standing() {
      const from = checked("guest")?.dataset.remaining !== undefined ? checked("guest").dataset : told;
      return { limit: Number(from.limit), own: Number(from.own), total: Number(from.total), remaining: Number(from.remaining) };
    }

    function drawMeter({ limit, own }, now, rest) {
      const meter = one("[data-meter]", form);
      if (!meter) return;
      const whole = Math.max(limit, own + now + rest) || 1;
      const percent = (part) => `${(100 * part) / whole}%`;
      const put = (selector, begin, part) => {
        const rect = one(selector, meter);
        rect?.setAttribute("x", percent(begin));
        rect?.setAttribute("width", percent(part));
      };
      put(".m-own", 0, own);
      put(".m-now", own, now);
      put(".m-wait", own + now, rest);
      all(".m-tick", meter).forEach((tick, tenth) => {
        const x = percent((limit * tenth) / 10);
        tick.setAttribute("x1", x);
        tick.setAttribute("x2", x);
      });
      const line = one(".m-limit", meter);
      line?.setAttribute("x1", percent(limit));
      line?.setAttribute("x2", percent(limit));
      meter.setAttribute("aria-label", say(told.sayMeter, { limit: money(limit), own: money(own), now: money(now), rest: money(rest) }));
      for (const [key, value] of Object.entries({ own, now, rest })) one(`[data-key="${key}"]`, form).textContent = money(value);
    }

    function act(value, words, icon = "give") {
      main.value = value;
      // Without a network it is only kept on the phone, and must not look given.
      if (root.hasAttribute("data-offline")) { words = say(told.sayPencil, { does: words }); icon = "pencil"; }
      one("[data-label]", main).textContent = words;
      const use = one("use", main);
      use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
    }

    function show() {
      const left = standing();
      const gesture = checked("gesture");
      const isNothing = !gesture || gesture.value === "";
      const isFree = Boolean(gesture?.dataset.free !== undefined && gesture);
      const amount = isNothing || isFree ? 0 : typed();
      const verbal = one("[name=verbal_approval_by]", form)?.value;
      told.plain = amount ? (amount / unit).toFixed(places) : "";
      told.sum = amount ? money(amount) : "";
      const now = amount === null ? 0 : Math.min(amount, left.remaining);
      const rest = amount === null || verbal ? 0 : Math.max(0, amount - left.remaining);
      const step = one('[data-step="amount"]', form);
      step.hidden = isNothing || isFree;
      one('[data-step="words"]', form).hidden = isNothing;
      one("[data-may]", form).textContent = money(left.remaining);
      one("[data-shown]", form).value = String(left.remaining);
      one("[data-sum]", form).textContent = amount ? money(amount) : amountInput.value;
      drawMeter(left, now, rest);
      others.hidden = true;
      goes.textContent = "";
      if (isNothing) {
        if (one("[data-nothing]", form)) act("log", told.sayLog, "note");
        else act("give", told.sayPick);
      } else if (isFree || !amount) {
        act("give", say(told.sayFree, { gesture: gesture.dataset.name }));
      } else if (!rest) {
        act("give", say(verbal && amount > left.remaining ? told.sayYes : told.sayGive, { sum: money(amount) }));
      } else {
        const total = left.total + amount;
        const tier = tiers.find((each) => each.up_to === null || total <= each.up_to);
        goes.textContent = say(told.sayGoes, { sum: money(rest), role: tier?.role, minutes: told.minutes });
        if (left.remaining) {
          act("split", say(told.saySplit, { now: money(left.remaining), rest: money(rest) }));
          others.hidden = false;
          one("[data-less]", others).textContent = say(told.sayLess, { now: money(left.remaining) });
          one("[data-ask-all]", others).textContent = say(told.sayAll, { sum: money(amount) });
        } else {
          act("all", say(told.sayAsk, { sum: money(amount) }));
        }
      }
    }

    /* the folded lines say what was answered; what people wrote keeps its own direction */
    const apart = (text) => {
      const name = document.createElement("bdi");
      name.textContent = text;
      return name;
    };
    function sayWho() {
      const guest = checked("guest");
      const answer = one('[data-step="who"] [data-answer]', form);
      if (!guest || !answer) return;
      const isNew = guest.value === "new";
      const name = isNew ? one("#id_new_name", form).value || guest.dataset.name : guest.dataset.name;
      const room = isNew ? one("#id_new_room", form).value : guest.dataset.room;
      answer.replaceChildren(apart(name), " ");
      if (room) {
        const tag = document.createElement("span");
        tag.className = "tag";
        tag.textContent = room;
        answer.append(tag);
      }
    }
    function sayWhat() {
      const answer = one('[data-step="what"] [data-answer]', form);
      if (!answer) return;
      const exactly = one("[data-exactly]", form);
      const said = exactly.value ? exactly.selectedOptions[0].textContent : checked("category")?.dataset.name;
      if (said) answer.replaceChildren(apart(said));
    }
    /* what each gesture achieved for this cause; of a cause too rare to tell, nothing */
    function sayWhatWorked() {
      if (!worked) return;
      const here = worked[one("[data-exactly]", form)?.value || checked("category")?.value] ?? {};
      for (const gesture of all('input[name="gesture"]', form)) {
        const [good, n, usual] = here[gesture.value] ?? [];
        const tile = gesture.closest(".tile");
        const ended = one("[data-ended-well]", tile);
        const usually = one("[data-usually]", tile);
        if (ended) {
          ended.hidden = !n;
          ended.textContent = n ? say(told.sayEndedWell, { good, n }) : "";
        }
        if (usually) usually.textContent = say(told.sayUsually, { sum: money(usual ?? Number(gesture.dataset.usual)) });
      }
    }
    function sayGift() {
      const gesture = checked("gesture");
      if (gesture) one('[data-step="give"] [data-answer]', form).replaceChildren(apart(gesture.dataset.name));
    }
    const openStep = (name) => {
      const step = one(`[data-step="${name}"]`, form);
      if (!step || step.hidden) return false;
      const wasWithin = one(".step[open]", form)?.contains(document.activeElement);
      step.open = true;
      // What it asks begins at its line: whoever answered far down a long step would else begin in the middle of this one.
      const { top, bottom } = step.getBoundingClientRect();
      const from = one(".mast").getBoundingClientRect().bottom, to = one("[data-dock]", form).getBoundingClientRect().top;
      if (top < from || bottom > to) step.scrollIntoView();
      // The step one was at has folded: the focus goes on with the task, not to the top of the page.
      if (wasWithin && !step.contains(document.activeElement)) one("summary", step).focus({ preventScroll: !isByKeys });
      return true;
    };

    /* what lies below a cause: one tap each, where the page without a script has a list to choose from */
    function offerBelow() {
      const exactly = one("[data-exactly]", form);
      const category = checked("category");
      if (!exactly) return false;
      const below = one("[data-below]", form);
      const options = category ? all(`optgroup[data-of="${CSS.escape(category.value)}"] option`, exactly) : [];
      if (exactly.value && !options.includes(exactly.selectedOptions[0])) exactly.value = "";
      one("[data-exactly-field]", form).hidden = true;
      below.hidden = !options.length;
      below.replaceChildren(...(options.length ? [...options, exactly.options[0]] : []).map((option) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "chip";
        button.textContent = option.value ? option.textContent : below.dataset.enough;
        button.setAttribute("aria-pressed", String(Boolean(option.value) && option.selected));
        button.addEventListener("click", () => {
          exactly.value = option.value;
          sayWhat();
          sayWhatWorked();
          openStep("give");  // first: the button one is at is drawn anew
          offerBelow();
        });
        return button;
      }));
      return options.length > 0;
    }

    form.addEventListener("change", (event) => {
      const { name } = event.target;
      if (name === "guest") sayWho();
      if (name === "category") {
        offerBelow();
        if (event.target.dataset.kind) one('input[name="kind"][value="delight"]', form).checked = true;
      }
      if (name === "category" || name === "exactly") { sayWhat(); sayWhatWorked(); }
      if (name === "gesture") sayGift();
      show();
    });
    form.addEventListener("input", (event) => {
      if (event.target === amountInput) show();
      if (event.target.name === "new_name" || event.target.name === "new_room") sayWho();
    });
    // Only a finger or a mouse moves on by itself: whoever uses arrow keys is still choosing.
    form.addEventListener("click", (event) => {
      if (!event.detail || !event.target.matches?.("input[type=radio]")) return;
      show();
      goOn(event.target);
    });
    const afterWho = () => openStep(one('[data-step="what"]', form) ? "what" : "give");
    function goOn({ name, value }) {
      if (name === "guest" && value !== "new") afterWho();
      else if (name === "guest") one("#id_new_name", form).focus();
      else if (name === "category" && offerBelow()) {
        one("[data-below]", form).scrollIntoView({ block: "nearest" });
        if (isByKeys) one("[data-below] button", form).focus();
      } else if (name === "category") openStep("give");
      else if (name === "gesture" && openStep("amount")) { if (isByKeys) amountInput.focus(); }
      else if (name === "gesture" && isByKeys) main.focus();
    }
    // Enter goes on where one chooses or says who it is: it would send the form half written. In the amount it sends.
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      const field = event.target;
      if (field.matches("input[type=radio]")) {
        event.preventDefault();
        if (!field.checked) field.click();
        goOn(field);
      } else if (field.matches("#id_new_name, #id_new_room")) {
        event.preventDefault();
        afterWho();
      }
    });

    /* the number pad */
    const pad = one("[data-pad]", form);
    pad.hidden = false;
    const write = (minor) => { amountInput.value = minor ? money(minor) : ""; show(); };
    pad.addEventListener("click", (event) => {
      const key = event.target.closest("button");
      if (!key) return;
      const digits = amountInput.value.normalize("NFKC").replace(/\D/g, "");
      const hasPart = typed() % unit !== 0;
      const before = hasPart ? "" : String(Math.floor((typed() || 0) / unit) || "");
      if (key.dataset.put) write(Number(key.dataset.put));
      else if ("all" in key.dataset) write(standing().remaining);
      else if ("keyBack" in key.dataset) write(Number(before.slice(0, -1) || (hasPart ? digits.slice(0, -places) : 0)) * unit);
      else if ((before + key.dataset.digit).length <= 9) write(Number(before + key.dataset.digit) * unit);
    });
    amountInput.addEventListener("blur", () => { const minor = typed(); if (minor) write(minor); });

    /* finding a guest while typing */
    const find = one("[data-find]", form);
    if (find) one("[data-find-button]", form).hidden = true;
    let waiting;
    find?.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(async () => {
        const address = new URL(find.dataset.find, location.href);
        address.searchParams.set("find", find.value);
        const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
        if (!answer?.ok) return;
        const piece = new DOMParser().parseFromString(await answer.text(), "text/html").body;
        const list = one("[data-guests]", form);
        const kept = checked("guest");
        const keptTile = kept?.closest("[data-guests] .tile");
        list.replaceChildren(...[...piece.childNodes].map((node) => document.adoptNode(node)));
        if (keptTile && !one(`input[value="${CSS.escape(kept.value)}"]`, list)) list.prepend(keptTile);
        else if (keptTile) one(`input[value="${CSS.escape(kept.value)}"]`, list).checked = true;
      }, 180);
    });
    // Enter in the search is a search, not a gift.
    find?.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });

    offerBelow();
    sayWho();
    sayWhat();
    sayWhatWorked();
    sayGift();
    show();
    root.dataset.ready = "giving";
  }
})();
