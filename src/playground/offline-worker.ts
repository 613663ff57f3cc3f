/**
 * The page's service worker: with the network cut, the page's own files come from where the visit has put them, so that
 * engines can be started again. A reload then shows the page, but runs no
 * code: browsers load a frame of an opaque origin past every service worker.
 */

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Lasting {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
  addEventListener(type: "message", listener: (event: Lasting & MessageEvent) => void): void;
}

const worker = globalThis as unknown as Scope;
/** The build puts the names of the page's files here, relative to this script; those with "?" are kept when they are read. Parsed, so that it stays a text until then. */
const FILES = (JSON.parse('"__LAKELET_FILES__"') as string).split(" ");
const OPTIONAL = FILES.filter((name) => name.startsWith("?")).map((name) => name.slice(1));
const CACHE = "lakelet-page";

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("message", (event) => {
  const [answer] = event.ports;
  event.waitUntil(
    keepFiles().then(
      () => answer?.postMessage("kept"),
      (error: unknown) => answer?.postMessage(String(error)),
    ),
  );
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(worker.registration.scope)) {
    event.respondWith(fetchOrKept(request, event));
  }
});

async function fetchOrKept(request: Request, event: Lasting): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok && OPTIONAL.includes(request.url.slice(worker.registration.scope.length))) {
      const copy = response.clone();
      event.waitUntil(caches.open(CACHE).then((cache) => cache.put(request.url, copy)));
    }
    return response;
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
    if (kept === undefined) throw error;
    return kept;
  }
}

/** Keeps the files of this version of the page, and drops those of others. What the browser has is not asked for again. */
async function keepFiles(): Promise<void> {
  const cache = await caches.open(CACHE);
  const { scope } = worker.registration;
  const wanted = new Set(FILES.filter((name) => name[0] !== "?").map((name) => new URL(name, scope).href));
  const optional = new Set(OPTIONAL.map((name) => new URL(name, scope).href));
  for (const { url } of await cache.keys()) {
    if (wanted.has(url)) wanted.delete(url);
    else if (!optional.has(url)) await cache.delete(url);
  }
  for (const url of wanted) {
    const response = await fetch(url, { cache: "force-cache" });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    await cache.put(url, response);
  }
}
