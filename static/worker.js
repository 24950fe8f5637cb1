/* The service worker: opens the product without a network, and sends what waits when one is back.
   Imported by /sw.js, which says what the shell is (self.shell). How and why: docs/offline.md */
"use strict";

(() => {
  const { version, files, nobodys, log, signIn, signOut } = self.shell;
  const SHELL = `shell-${version}`;
  const PAGES = outbox.PAGES;
  const MOST_PAGES = 8;
  const PATIENCE = 5_000;
  const FRESH_FOR = 5 * 60_000;

  self.addEventListener("install", (event) => {
    event.waitUntil((async () => {
      const cache = await caches.open(SHELL);
      await cache.addAll(files.map((file) => new Request(file, { cache: "reload" })));
      // Without cookies: the page of nobody, for where no other may be shown.
      await cache.put(nobodys, await fetch(nobodys, { credentials: "omit", cache: "reload" }));
      await self.skipWaiting();
    })());
  });
  self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      for (const name of await caches.keys()) if (name !== SHELL && name !== PAGES) await caches.delete(name);
      await self.clients.claim();
    })());
  });

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== location.origin) return;
    if (request.mode === "navigate") {
      const isOut = request.method === "POST" && signOut.includes(url.pathname);
      event.respondWith(isOut ? out(request) : page(request, url));
    } else if (request.method === "GET" && files.includes(url.pathname)) {
      event.respondWith(fetch(request).catch(async () => (await caches.match(url.pathname)) ?? Response.error()));
    }
  });
  self.addEventListener("message", (event) => {
    if (event.data?.keep) event.waitUntil(Promise.all(event.data.keep.map((path) => keep(path, event.data.anew))));
  });
  self.addEventListener("sync", (event) => {
    if (event.tag !== "outbox") return;
    event.waitUntil(outbox.flush().then(({ waits }) => {
      // Rejected, the browser tries again by itself.
      if (["network", "server", "too_many"].includes(waits)) throw new Error(waits);
    }));
  });

  /* The network first; a page that this phone keeps where it answers too late or not at all. */
  async function page(request, url) {
    const network = fetch(request);
    network.catch(() => {});
    if (request.method !== "GET") return network.catch(() => instead(url));
    const kept = await keptPage(url);
    if (!kept) return network.catch(() => instead(url));
    const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
    return Promise.race([network, late.then(() => kept)]).catch(() => kept);
  }
  /* Whoever signs out without a network is gone from this phone all the same, and their session once there is one. */
  async function out(request) {
    await outbox.leave();
    return fetch(request).catch(async () => {
      await outbox.oweSignOut(new URL(request.url).pathname);
      return nobodysPage();
    });
  }
  /* It says that it comes from the phone: the server was not asked who is signed in. */
  async function nobodysPage() {
    const found = await caches.match(nobodys, { cacheName: SHELL });
    return found ? told(found, "data-locked") : Response.error();
  }
  async function told(page, attribute) {
    const headers = new Headers(page.headers);
    for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
    return new Response((await page.text()).replace("<html ", `<html ${attribute} `), { headers });
  }
  async function instead(url) {
    // A shared phone that rested goes there by itself: what was open is locked, network or not.
    if (url.pathname === signIn) return nobodysPage();
    if (["/", "/today/"].includes(url.pathname) && await keptPage(new URL(log, location.origin))) return Response.redirect(log);
    const waiting = new URL(nobodys, location.origin);
    return (await keptPage(waiting)) ?? nobodysPage();
  }
  /* Of the person who is here, and not past its time; it says of itself since when it is known. */
  async function keptPage(url) {
    const me = await outbox.person();
    const cache = me && await caches.open(PAGES);
    const found = cache && ((await cache.match(url.href)) ?? (await cache.match(url.href, { ignoreSearch: true })));
    if (!found || found.headers.get("Keep-For") !== me.is) return null;
    if (Number(found.headers.get("Keep-Until")) * 1000 < Date.now()) {
      await cache.delete(found.url);
      return null;
    }
    const since = Date.parse(found.headers.get("Date")) || Date.now();
    return told(found, `data-kept="${since}"`);
  }
  async function keep(path, anew) {
    const cache = await caches.open(PAGES);
    const before = await cache.match(path);
    if (before && !anew && Date.now() - Date.parse(before.headers.get("Date")) < FRESH_FOR) return;
    const answer = await fetch(path, { headers: { Keeping: "page" }, cache: "no-store" }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const me = await outbox.person();
    // Asked for one person and answered to another, whose session began meanwhile: neither keeps it.
    if (!me || answer.headers.get("Keep-For") !== me.is) return;
    await cache.put(path, answer);
    const all = await cache.keys();
    for (const request of all.slice(0, Math.max(0, all.length - MOST_PAGES))) await cache.delete(request);
  }
})();
