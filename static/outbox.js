/* What waits on this phone: drafts, sealed for the one who wrote them, and their way out, once each.
   Shared by the pages and the service worker: no document here. How and why: docs/offline.md */
"use strict";

self.outbox = (() => {
  const DOOR = "/phone/outbox/";
  const PATIENCE = 20_000;
  const LOCKED_FOR = 30 * 24 * 3600_000;
  const RECEIPTS_FOR = 12 * 3600_000;
  const PAGES = "pages";
  const works = Boolean(self.isSecureContext && self.indexedDB && self.crypto?.subtle && self.navigator.locks && self.caches);
  const news = works ? new BroadcastChannel("empower-outbox") : null;
  let heard = () => {};
  if (news) news.onmessage = () => heard();
  const tell = () => { news?.postMessage("changed"); heard(); };

  /* ── the store ── */
  let opened;
  const open = () => opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("empower", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("person", { keyPath: "is" });
      request.result.createObjectStore("drafts", { keyPath: "once" });
      request.result.createObjectStore("sent", { keyPath: "once" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => { opened = undefined; reject(request.error); };
  });
  async function within(stores, mode, act) {
    const database = await open();
    return new Promise((resolve, reject) => {
      // Strict: a battery may die between two corridors.
      const transaction = database.transaction(stores, mode, { durability: "strict" });
      const request = act(...[stores].flat().map((name) => transaction.objectStore(name)));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }
  const people = () => within("person", "readonly", (store) => store.getAll());
  const person = async () => (await people()).find((row) => row.keys) ?? null;
  const recordsOf = async (store, id) => (await within(store, "readonly", (rows) => rows.getAll())).filter((row) => row.person === id);
  const record = (once) => within("drafts", "readonly", (store) => store.get(once));
  const put = (row) => within("drafts", "readwrite", (store) => store.put(row));

  /* ── sealed: whoever picks the phone up after the sign-out finds bytes ── */
  async function seal(keys, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = value instanceof Blob ? await value.arrayBuffer() : new TextEncoder().encode(JSON.stringify(value));
    return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, keys[0], plain) };
  }
  async function unseal(keys, sealed) {
    for (const key of keys) {
      try { return await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.bytes); } catch { /* an older key, perhaps */ }
    }
    return null;
  }
  async function read(keys, sealed) {
    const plain = sealed && await unseal(keys, sealed);
    return plain ? JSON.parse(new TextDecoder().decode(plain)) : null;
  }
  // Not extractable: a script can use it here, and carry it nowhere.
  const asKey = (hex) => crypto.subtle.importKey("raw", Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16)), "AES-GCM", false, ["encrypt", "decrypt"]);

  /* ── who is here ── */
  async function ask(address, options = {}) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "manual", signal: stop.signal, ...options });
      const isJson = /^application\/json\b/.test(answer.headers.get("content-type") ?? "");
      return { status: answer.status, told: isJson ? await answer.json() : null };
    } catch {
      return { status: 0, told: null };
    } finally {
      clearTimeout(timer);
    }
  }
  async function who() {
    const { status, told } = await ask(DOOR, { headers: { Accept: "application/json", "Draft-Sent": "later" } });
    if (status === 200 && told?.person) return told;
    if (status === 200 && told?.person === "") return { waits: "sign_in" };
    return { waits: passing(status) ?? "network" };
  }
  /* Why an answer that says nothing itself is not the end of a draft; null when it is. */
  function passing(status) {
    if (status === 401) return "sign_in";
    if (status === 403) return "not_now";
    if (status === 429) return "too_many";
    if (status >= 500 || status === 408 || status === 425) return "server";
    return status < 400 ? "network" : null;  // a portal's welcome page, too
  }

  /* The server says who is signed in here, an id or nobody (""): what is another's goes. True when drafts can be kept. */
  async function meet(id) {
    if (!works) return false;
    let me = await person();
    if (me && me.is !== id) { await leave(); me = null; }
    const owed = (await people()).find((row) => row.signOut);
    if (owed && id && !(await signOut(owed.signOut))) return false;
    if (owed) await within("person", "readwrite", (store) => store.delete(owed.is));
    if (owed && id) throw new Error("signed out");
    if (!id) return false;
    if (!me) {
      const told = await who();
      if (told.person !== id) return false;
      const keys = await Promise.all(told.keys.map(asKey));
      await within("person", "readwrite", (store) => store.put({ is: id, keys }));
    }
    await tidy(id);
    return true;
  }
  /* All that is readable of the person who was here. Their drafts stay, sealed. */
  async function leave() {
    if (!works) return;
    await caches.delete(PAGES);
    const me = await person();
    await within(["person", "sent"], "readwrite", (here, sent) => { if (me) here.delete(me.is); return sent.clear(); });
    tell();
  }
  /* Somebody signed out where the server could not hear it: it is told before anything else is done in their name. */
  async function oweSignOut(path) {
    await within("person", "readwrite", (store) => store.put({ is: "", signOut: path }));
  }
  async function signOut(path) {
    const told = await who();
    if (told.waits) return told.waits === "sign_in";
    const { status } = await ask(path, { method: "POST", headers: { "X-CSRFToken": told.token } });
    return status === 0 ? (await who()).waits === "sign_in" : status < 400;
  }
  async function tidy(id) {
    const now = Date.now();
    const rows = await within("drafts", "readonly", (store) => store.getAll());
    const old = rows.filter((row) => row.person !== id && now - row.saved_at > LOCKED_FOR);
    const receipts = (await recordsOf("sent", id)).filter((row) => now - row.at > RECEIPTS_FOR);
    if (!old.length && !receipts.length) return;
    await within(["drafts", "sent"], "readwrite", (drafts, sent) => {
      for (const row of old) drafts.delete(row.once);
      for (const row of receipts) sent.delete(row.once);
    });
  }

  /* ── drafts ── */
  /* `content`: {path, fields, photosUrl, about}; `photos`: blobs. Written before it is sent, whatever the network says. */
  async function keep(once, content, photos = []) {
    const me = await person();
    if (!me) throw new Error("nobody is here");
    const before = await record(once);
    const sealed = [];
    for (const photo of photos) {
      sealed.push({ once: crypto.randomUUID(), type: photo.type, sealed: await seal(me.keys, photo) });
    }
    await put({
      once, person: me.is, saved_at: before?.saved_at ?? Date.now(), state: "waiting", waits: "network",
      content: await seal(me.keys, content), photos: sealed, done: null, answer: null,
    });
    tell();
  }
  async function drafts() {
    if (!works) return [];
    const me = await person();
    if (!me) return [];
    const rows = (await recordsOf("drafts", me.is)).sort((one, other) => one.saved_at - other.saved_at);
    return Promise.all(rows.map(async (row) => ({
      ...row, content: await read(me.keys, row.content), done: await read(me.keys, row.done), answer: await read(me.keys, row.answer),
    })));
  }
  async function photosOf(once) {
    const me = await person();
    const row = me && await record(once);
    if (!row || row.person !== me.is) return [];
    const plain = await Promise.all(row.photos.map(async ({ type, sealed }) => [type, await unseal(me.keys, sealed)]));
    return plain.filter(([, bytes]) => bytes).map(([type, bytes]) => new Blob([bytes], { type }));
  }
  async function setState(once, state) {
    const row = await record(once);
    if (row) { await put({ ...row, state }); tell(); }
  }
  /* Other answers to the same questions: what was refused was not done, so the key may be used for them. */
  async function answer(once, fields, newKey = false) {
    const me = await person();
    const row = await record(once);
    if (!me || row?.person !== me.is) return once;
    const content = await read(me.keys, row.content);
    content.fields = [...(content.fields ?? []).filter(([name]) => !(name in fields)), ...Object.entries(fields)];
    const next = { ...row, once: newKey ? crypto.randomUUID() : once, state: "waiting", answer: null, content: await seal(me.keys, content) };
    await within("drafts", "readwrite", (store) => { store.delete(once); return store.put(next); });
    tell();
    return next.once;
  }
  async function drop(once) {
    await within("drafts", "readwrite", (store) => store.delete(once));
    tell();
  }
  async function receipts() {
    const me = works && await person();
    if (!me) return [];
    const rows = (await recordsOf("sent", me.is)).sort((one, other) => other.at - one.at);
    return Promise.all(rows.map(async (row) => ({ ...row, ...await read(me.keys, row.told) })));
  }

  /* ── out ── */
  /* Sends what waits, oldest first, or only `now`, for which somebody waits at the screen. One sender at a time on this
     phone; what nevertheless arrives twice has one effect, by its key. Answers {waits} or {done} or {answer} of the last. */
  const flush = ({ now = null } = {}) => navigator.locks.request("empower-outbox", async () => {
    const me = await person();
    if (!me) return {};
    const all = (await recordsOf("drafts", me.is)).sort((one, other) => one.saved_at - other.saved_at);
    const waiting = all.filter((row) => row.state === "waiting" && (!now || row.once === now));
    if (!waiting.length) return now ? doneBefore(me, now) : {};
    const told = await who();
    let waits = told.waits ?? (told.person === me.is ? null : "somebody_else");
    let outcome = {};
    for (const row of waiting) {
      outcome = waits ? { waits } : await send(row, me, told.token, Boolean(now));
      if (outcome.waits) await put({ ...await record(row.once) ?? row, waits: outcome.waits });
      // What one person may not do says nothing of the next draft; everything else holds for all.
      if (outcome.waits && outcome.waits !== "not_permitted") waits = outcome.waits;
    }
    tell();
    return outcome;
  });
  async function doneBefore(me, once) {
    const row = (await recordsOf("sent", me.is)).find((each) => each.once === once);
    return row ? { done: await read(me.keys, row.told) } : {};
  }
  async function send(row, me, token, isWatched) {
    const content = await read(me.keys, row.content);
    if (!content) return { waits: "unreadable" };
    const headers = { Accept: "application/json", "X-CSRFToken": token, "Draft-Of": me.is, "Draft-Sent": isWatched ? "now" : "later" };
    const post = async (path, once, body) => {
      const { status, told } = await ask(path, { method: "POST", body, headers });
      return { status, told: told?.once === once ? told : null };
    };
    let done = await read(me.keys, row.done);
    if (content.fields && !done) {
      const body = new URLSearchParams([...content.fields, ["once", row.once]]);
      const answer = await post(content.path, row.once, body);
      if (answer.told?.status !== "done") return turnedDown(row, me, answer);
      done = { url: answer.told.url, says: answer.told.says, photosUrl: answer.told.photos_url };
      row = { ...row, done: await seal(me.keys, done) };
      await put(row);  // cut off here, it goes on with the photos
    }
    for (const photo of [...row.photos]) {
      const bytes = await unseal(me.keys, photo.sealed);
      const body = new FormData();
      body.append("once", photo.once);
      body.append("photo", new Blob([bytes ?? ""], { type: photo.type }), "photo.jpg");
      const answer = await post(done?.photosUrl ?? content.photosUrl, photo.once, body);
      if (answer.told?.status !== "done") return turnedDown(row, me, answer);
      done ??= { url: answer.told.url, says: answer.told.says };
      row = { ...row, photos: row.photos.filter((each) => each !== photo) };
      await put(row);
    }
    const receipt = { once: row.once, person: me.is, at: Date.now(), told: await seal(me.keys, { ...done, guest: content.about?.guest, room: content.about?.room }) };
    await within(["drafts", "sent"], "readwrite", (drafts, sent) => { drafts.delete(row.once); return sent.put(receipt); });
    return { done };
  }
  async function turnedDown(row, me, { status, told }) {
    if (told?.status === "wait") return { waits: told.code };
    const waits = told ? null : passing(status);
    if (waits) return { waits };
    const answer = told ?? { status: "mend", code: "not_taken", says: "" };
    await put({ ...row, state: "look", answer: await seal(me.keys, answer) });
    return { answer };
  }

  return {
    works, PAGES, person, meet, leave, oweSignOut, keep, drafts, photosOf, setState, answer, drop, receipts, flush,
    onChange: (act) => { heard = act; },
  };
})();
