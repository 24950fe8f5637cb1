/* The pages' side of a phone without a signal: a form goes by the outbox, what waits is shown in pencil.
   Without it, or without what it needs, every form is sent as it stands. How and why: docs/offline.md */
"use strict";

(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const root = document.documentElement;
  const words = one("#phone-words")?.dataset;
  if (!words || !outbox.works) return;
  const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const me = root.dataset.person ?? "";
  const keptSince = Number(root.dataset.kept) || null;
  const opened = Date.now();
  const LOG = words.log, WAITING = words.waiting;
  const RESTS = 20_000, LONGEST_REST = 5 * 60_000;
  const giving = one("form[data-giving]");
  let isReady = false;
  let mine = [];
  let held = [];  // the photos of the form in hand, from a draft

  const clock = (moment) => new Intl.DateTimeFormat(`${root.lang || "en"}-u-nu-latn`, {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(Date.now() - moment > 12 * 3600_000 ? { day: "numeric", month: "short" } : {}),
    timeZone: root.dataset.zone || undefined,
  }).format(moment);

  /* ── with the network, and without ── */
  function showNetwork() {
    const isAway = !navigator.onLine;
    root.toggleAttribute("data-offline", isAway);
    for (const mark of all("[data-no-signal]")) mark.hidden = !isAway;
    for (const line of all(".may-say")) {
      line.dataset.said ??= line.textContent;
      line.textContent = isAway || keptSince !== null ? say(words.sayLastKnown, { when: clock(keptSince ?? opened) }) : line.dataset.said;
    }
    // The form says again what its button does.
    giving?.dispatchEvent(new Event("change", { bubbles: false }));
  }

  /* ── what waits, in the mast of every page ── */
  async function look() {
    mine = await outbox.drafts();
    const toLookAt = mine.filter((draft) => draft.state === "look").length;
    for (const mark of all("[data-in-pencil]")) {
      mark.hidden = !mine.length;
      const [number, meaning] = all("span", mark);
      number.textContent = toLookAt || mine.length;
      meaning.textContent = toLookAt ? words.sayLook : words.sayPencil;
    }
    await showWaiting();
    root.dataset.waiting = String(mine.length);
    root.toggleAttribute("data-pencil", mine.length > 0);
  }
  let timer, rest = RESTS;
  async function send() {
    clearTimeout(timer);
    const { waits } = await outbox.flush();
    rest = waits ? Math.min(rest * 2, LONGEST_REST) : RESTS;
    if (["network", "server", "too_many", "not_now"].includes(waits)) timer = setTimeout(send, rest);
    return waits;
  }

  /* ── a draft, as it is shown ── */
  function drawn(draft) {
    const article = document.importNode(one("#draft-template").content, true).firstElementChild;
    const about = draft.content?.about ?? {};
    const needsALook = draft.state === "look" || draft.state === "open";
    const put = (name, text) => { const place = one(`[data-${name}]`, article); place.textContent = text ?? ""; place.closest("[data-with]").hidden = !text; };
    article.dataset.once = draft.once;
    article.className = needsALook ? "sheet stack stack-3" : "pencil stack stack-2";
    put("guest", about.guest || words.sayPhoto);
    put("room", about.room);
    put("sum", about.sum);
    put("what", [about.what, about.gesture, draft.photos.length ? words.sayPhoto : ""].filter(Boolean).join(" · "));
    put("mark", say(draft.done ? words.sayPhotoWaits : words.sayInPencil, { when: clock(draft.saved_at) }));
    put("waits", needsALook ? "" : words[`waits_${draft.waits}`] ?? words.waits_network);
    const change = one("[data-change]", article);
    change.hidden = !draft.content?.fields || Boolean(draft.done);
    change.href = `${draft.content?.path}?draft=${encodeURIComponent(draft.once)}`;
    const answer = draft.state === "look" ? draft.answer : draft.state === "open" ? { says: words.sayLeftOpen } : null;
    one("[data-conflict]", article).hidden = !answer;
    if (answer) {
      one("[data-says]", article).textContent = answer.says || words.sayNotTaken;
      one("[data-answers]", article).replaceChildren(...answersTo(draft, answer));
    }
    one("[data-drop]", article).addEventListener("click", () => throwAway(draft));
    return article;
  }
  function answersTo(draft, answer) {
    const button = (label, isMain, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = isMain ? "btn btn-main" : "btn btn-small";
      made.textContent = label;
      made.addEventListener("click", async () => {
        for (const each of all("button", made.parentElement)) each.setAttribute("aria-disabled", "true");
        await act();
        await send();
        await look();
      });
      return made;
    };
    const found = (answer.answers ?? []).map(({ label, fields }, number) => button(label, !number, () => outbox.answer(draft.once, fields)));
    if (answer.code === "key_reused") found.push(button(words.sayAsWell, false, () => outbox.answer(draft.once, {}, true)));
    else if (!found.length) found.push(button(words.sayAgain, false, () => outbox.answer(draft.once, {})));
    if (answer.url) {
      const link = document.createElement("a");
      link.className = "btn btn-plain btn-small";
      link.href = answer.url;
      link.textContent = words.sayIncident;
      found.push(link);
    }
    return found;
  }
  function throwAway(draft) {
    const dialog = one("#throw-away");
    one("[data-yes]", dialog).onclick = async () => { dialog.close(); await outbox.drop(draft.once); };
    one("[data-no]", dialog).onclick = () => dialog.close();
    dialog.showModal();
  }

  /* ── the page of what waits ── */
  async function showWaiting() {
    const page = one("[data-waiting-page]");
    if (!page) return;
    const sent = await outbox.receipts();
    const at = document.activeElement?.closest("article[data-once]");
    const was = at && { once: at.dataset.once, number: all("a, button", at).indexOf(document.activeElement) };
    const fill = (name, rows) => {
      const section = one(`[data-section="${name}"]`, page);
      section.hidden = !rows.length;
      one("[data-rows]", section).replaceChildren(...rows);
    };
    fill("look", mine.filter((draft) => draft.state !== "waiting").map(drawn));
    fill("wait", mine.filter((draft) => draft.state === "waiting").map(drawn));
    fill("sent", sent.map((receipt) => {
      const line = document.importNode(one("#sent-template").content, true).firstElementChild;
      one("a", line).href = receipt.url;
      one("a", line).textContent = receipt.says || words.sayDone;
      one("time", line).textContent = clock(receipt.at);
      one("[data-guest]", line).textContent = [receipt.guest, receipt.room].filter(Boolean).join(" · ");
      return line;
    }));
    const waiting = mine.filter((draft) => draft.state === "waiting");
    one("[data-nothing-lost]", page).hidden = !waiting.length;
    one("[data-nothing-lost] strong", page).textContent = navigator.onLine ? words.sayGoesOut : words.sayNoNetwork;
    one("[data-sign-in]", page).hidden = !waiting.some((draft) => draft.waits === "sign_in");
    one("[data-nothing]", page).hidden = Boolean(mine.length + sent.length) || !me;
    one("[data-nobody]", page).hidden = Boolean(me);
    // It is drawn anew under the hands of whoever is at it.
    if (!was) return;
    const article = one(`article[data-once="${CSS.escape(was.once)}"]`, page);
    const again = article && all("a, button", article)[was.number];
    (again?.checkVisibility() ? again : one("h1", page)).focus({ preventScroll: true });
  }

  /* ── a form, by the outbox ── */
  addEventListener("submit", (event) => {
    const form = event.target;
    if (!isReady || event.defaultPrevented) return;
    if ([words.signOut, words.handOver].includes(form.getAttribute("action")) && mine.length && !form.dataset.asked) {
      event.preventDefault();
      askBeforeSigningOut(form);
    } else if (form.matches("form[data-giving]")) {
      event.preventDefault();
      if (!form.dataset.sent) byTheOutbox(form, event.submitter);
    }
  }, true);

  async function byTheOutbox(form, submitter) {
    const isAway = !navigator.onLine || keptSince !== null;
    if (isAway && isMissingSomething(form)) return;
    form.dataset.sent = "yes";
    for (const button of all("button", one("[data-dock]", form))) button.setAttribute("aria-disabled", "true");
    const once = form.elements.once.value;
    const data = new FormData(form, submitter);
    const photos = [...held, ...await Promise.all(data.getAll("photo").filter((file) => file.size).map(shrunk))];
    const fields = [...data].filter(([name, value]) => !["csrfmiddlewaretoken", "once", "photo"].includes(name) && typeof value === "string");
    // As plain digits: the language of the page may be another when it goes out.
    const plain = fields.map(([name, value]) => [name, name === "amount" && form.dataset.plain ? form.dataset.plain : value]);
    const path = location.pathname;
    try {
      await outbox.keep(once, { path, fields: plain, about: aboutIt(form) }, photos);
    } catch {
      asItStands(form, submitter);  // no room, or no longer anybody here
      return;
    }
    askForSync();
    const { done, answer, waits } = await outbox.flush({ now: once });
    if (done) location.assign(done.url);
    else if (answer && keptSince === null) {
      // The page itself says best what is wrong. The draft waits until that page is there.
      await outbox.setState(once, "open");
      sessionStorage.setItem("opened", once);
      asItStands(form, submitter);
    } else await showKept(form, once, waits);
  }
  /* What even the server could not do without. The rest it asks for when the draft arrives. */
  function isMissingSomething(form) {
    const guest = one("input[name=guest]:checked", form) ?? one("input[name=guest][type=hidden]", form);
    const isNew = guest?.value === "new" || !guest;
    const gesture = one("input[name=gesture]:checked", form);
    let missing = "";
    if (one("#id_new_name", form) ? isNew && !one("#id_new_name", form).value.trim() : !guest && all("input[name=guest]", form).length > 1) missing = "who";
    else if (gesture?.value && gesture.dataset.free === undefined && !form.dataset.plain) missing = "amount";
    if (!missing) return false;
    const step = one(`[data-step="${missing}"]`, form);
    step.hidden = false;
    step.open = true;
    one("[data-goes]", form).textContent = missing === "who" ? words.sayWho : words.sayAmount;
    return true;
  }
  function asItStands(form, submitter) {
    if (submitter?.name) {
      const chosen = document.createElement("input");
      Object.assign(chosen, { type: "hidden", name: submitter.name, value: submitter.value });
      form.append(chosen);
    }
    HTMLFormElement.prototype.submit.call(form);
  }
  function aboutIt(form) {
    const guest = one("input[name=guest]:checked", form) ?? one("input[name=guest]", form);
    const isNew = guest?.value === "new" || (!guest?.checked && guest?.type === "radio");
    const gesture = one("input[name=gesture]:checked", form);
    return {
      guest: (isNew ? one("#id_new_name", form)?.value : guest?.dataset.name) ?? "",
      room: (isNew ? one("#id_new_room", form)?.value : guest?.dataset.room) ?? "",
      what: one('[data-step="what"] [data-answer]:not(:has(.soft))', form)?.textContent.trim() ?? "",
      gesture: gesture?.value ? gesture.dataset.name : "",
      sum: gesture?.value ? form.dataset.sum ?? "" : "",
      tile: guest ? { ...guest.dataset } : {},
    };
  }
  async function showKept(form, once, waits) {
    mine = await outbox.drafts();
    const draft = mine.find((each) => each.once === once);
    const panel = document.importNode(one("#kept-template").content, true).firstElementChild;
    if (draft) one("[data-rows]", panel).append(drawn(draft));
    one("[data-sign-in]", panel).hidden = waits !== "sign_in";
    form.replaceWith(panel);
    panel.focus();
    history.replaceState({ ...history.state, once: undefined }, "");
    root.dataset.sending = "kept";
    await look();
  }
  async function askForSync() {
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.sync?.register("outbox").catch(() => {});
  }

  /* ── photos: small before they travel, without where and when ── */
  async function shrunk(file) {
    try {
      const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
      const share = Math.min(1, 1600 / Math.max(bitmap.width, bitmap.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(bitmap.width * share));
      canvas.height = Math.max(1, Math.round(bitmap.height * share));
      const pencil = canvas.getContext("2d");
      pencil.fillStyle = "white";
      pencil.fillRect(0, 0, canvas.width, canvas.height);
      pencil.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), "image/jpeg", 0.82));
    } catch {
      return file;  // the server says what is wrong with it
    }
  }
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-camera]");
    if (!link || !isReady) return;
    event.preventDefault();
    event.stopPropagation();
    const input = document.createElement("input");
    Object.assign(input, { type: "file", accept: "image/*", capture: "environment" });
    input.addEventListener("change", async () => {
      if (!input.files.length) return;
      link.setAttribute("aria-disabled", "true");
      const once = crypto.randomUUID();
      await outbox.keep(once, { photosUrl: new URL(link.href).pathname, about: { guest: link.dataset.guest, room: link.dataset.room } }, [await shrunk(input.files[0])]);
      askForSync();
      const { done } = await outbox.flush({ now: once });
      location.assign(done ? location.href : WAITING);
    });
    input.click();
  }, true);

  /* ── a form of a page that was kept, or of a draft ── */
  function giveItsOwnKey() {
    // Every opening of a kept page is a form of its own; going back to it, it is the same one.
    const once = history.state?.once ?? crypto.randomUUID();
    history.replaceState({ ...history.state, once }, "");
    giving.elements.once.value = once;
  }
  async function fillFrom(draft) {
    giving.elements.once.value = draft.once;
    held = await outbox.photosOf(draft.once);
    const { fields, about } = draft.content;
    const guest = fields.find(([name]) => name === "guest")?.[1];
    const list = one("[data-guests]", giving);
    if (guest && guest !== "new" && list && !one(`input[value="${CSS.escape(guest)}"]`, list)) {
      const tile = document.createElement("label");
      tile.className = "tile tile-line";
      const input = Object.assign(document.createElement("input"), { type: "radio", name: "guest", value: guest });
      Object.assign(input.dataset, about.tile);
      tile.append(input, document.createElement("span"), about.guest);
      list.prepend(tile);
    }
    for (const box of all("input[type=checkbox]", giving)) box.checked = false;
    for (const [name, value] of fields) {
      if (name === "do" || name === "shown") continue;
      for (const field of all(`[name="${CSS.escape(name)}"]`, giving)) {
        if (field.type === "radio") field.checked = field.value === value;
        else if (field.type === "checkbox") field.checked = true;
        else field.value = value;
      }
    }
    for (const input of all("input:checked, select", giving)) input.dispatchEvent(new Event("change", { bubbles: true }));
    if (held.length) one("[data-held]", giving).hidden = false;
  }
  /* A page that the server drew again, with what is wrong: the draft has become it. */
  async function takeOver(once) {
    sessionStorage.removeItem("opened");
    if (keptSince === null && giving?.dataset.bound !== undefined) {
      held = await outbox.photosOf(once);
      if (held.length) one("[data-held]", giving).hidden = false;
      await outbox.drop(once);
    } else await outbox.setState(once, "waiting");
  }

  /* ── signing out ── */
  async function askBeforeSigningOut(form) {
    const dialog = one("#before-signing-out");
    one("[data-yes]", dialog).onclick = async () => {
      form.dataset.asked = "yes";
      await outbox.leave();
      form.requestSubmit();
    };
    one("[data-no]", dialog).onclick = () => dialog.close();
    one("[data-send]", dialog).onclick = async () => {
      await send();
      await look();
      dialog.close();
      if (!mine.length) form.requestSubmit();
      else location.assign(WAITING);
    };
    dialog.showModal();
  }

  /* ── begin ── */
  async function begin() {
    addEventListener("online", () => { showNetwork(); send().then(look); });
    addEventListener("offline", showNetwork);
    if (keptSince !== null && giving) giveItsOwnKey();
    showNetwork();
    // A kept page knows who kept it; only the server knows who is signed in.
    try {
      if (root.hasAttribute("data-locked")) await outbox.leave();
      else isReady = keptSince === null ? await outbox.meet(me) : (await outbox.person())?.is === me;
    } catch (error) {
      // A store that can't be read keeps nothing; the forms are then sent as they stand.
      if (error.message === "signed out") { location.replace(words.signIn); return; }
    }
    outbox.onChange(look);
    if (isReady) {
      const left = sessionStorage.getItem("opened");
      if (left) await takeOver(left);
      const wanted = new URLSearchParams(location.search).get("draft");
      const draft = wanted && giving && (await outbox.drafts()).find((each) => each.once === wanted);
      if (draft?.content) await fillFrom(draft);
    }
    await look();
    root.dataset.phone = isReady ? "ready" : "nobody";
    const registration = await navigator.serviceWorker?.register(words.worker, { updateViaCache: "none" }).catch(() => null);
    if (!isReady) return;
    send().then(look);
    if (!registration || keptSince !== null) return;
    const { active } = await navigator.serviceWorker.ready;
    const here = giving && giving.dataset.bound === undefined ? [location.pathname] : [];
    active.postMessage({ keep: [...new Set([LOG, WAITING, ...here])] });
    root.dataset.worker = "ready";
  }
  begin();
})();
