// Keeps the page's own files, whose names hold their hashes, and nothing else: evidence that was fetched is never kept.

/** Written by the build: what is kept, and what tells this version from others. */
declare const PRECACHE: readonly string[];
declare const VERSION: string;

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
}

export {};

const scope = globalThis as unknown as Scope;
// Another page of this kind may be served below the same origin, and keeps its own.
const prefix = `admissible ${scope.registration.scope} `;
const kept = `${prefix}${VERSION}`;

scope.addEventListener("install", (event) => {
  event.waitUntil(caches.open(kept).then((cache) => cache.addAll(PRECACHE)));
});

// A newer version waits until no page of the older one is open, whose files go then.
scope.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((one) => one.startsWith(prefix) && one !== kept).map((one) => caches.delete(one))))
    .then(() => scope.clients.claim()));
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  // Registries are asked by the page itself, past this worker.
  if (request.method !== "GET" || !request.url.startsWith(scope.registration.scope)) return;
  event.respondWith(caches.open(kept).then(async (cache) => (await cache.match(request, { ignoreSearch: true })) ?? fetch(request)));
});
