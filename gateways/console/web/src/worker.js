// The phones' service worker: their pages and files are there without a line. Built into /sw.js by vite.config.ts, which fills in the
// three names below. It never touches the API: what must not get lost is the outbox's business.
const VERSION = 'wangge-__VERSION__';
const FILES = __FILES__;
const PAGES = __PAGES__;
const PATIENCE = 3000; // a page that does not come by then is shown as it was

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll([...FILES, ...PAGES])));
  self.skipWaiting();
});

// The version before stays: a page that is still open may yet ask for one of its parts.
self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith('wangge-') && name !== VERSION).slice(0, -1))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

const later = (ms) => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), ms));

async function page(path, request) {
  const cache = await caches.open(VERSION);
  try {
    const fresh = await Promise.race([fetch(request), later(PATIENCE)]);
    if (fresh.ok) await cache.put(path, fresh.clone());
    return fresh;
  } catch {
    return (await cache.match(path)) ?? Response.error();
  }
}

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin) return;
  if (PAGES.includes(pathname)) event.respondWith(page(pathname, event.request));
  else if (pathname.startsWith('/assets/')) event.respondWith(caches.match(event.request).then((known) => known ?? fetch(event.request)));
});
