import { SourceUnavailable } from "../sources/fetching.js";
import { address, isAnswer, isCredential, keptBody, keptHeaders } from "./address.js";
import { bodyPath, indexPath, readIndex, writeIndex, type Saved } from "./saved.js";
import { sha256, type Fetch, type Store } from "./store.js";

/** An answer that was read to its end. */
interface Heard {
  readonly asked: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Keeps what adapters are answered: pass `fetch` to them, then `save`. Nothing that was sent is kept, and of URLs only what tells which answer is
 * meant, so that neither tokens nor the keys in pre-signed URLs are.
 */
export class Recording {
  readonly #heard = new Map<string, Heard>();
  /** Where redirects led, and from which URLs. */
  readonly #led = new Map<string, Set<string>>();
  /** Asks as `fetch` does, and remembers what came. */
  readonly fetch: Fetch;

  constructor(fetch: Fetch = (url, init) => globalThis.fetch(url, init)) {
    this.fetch = async (url, init) => {
      const response = await fetch(url, init);
      if ((init.method ?? "GET") !== "GET") return response;
      if (this.#isLed(url, response) || !isAnswer(response.status)) return response;
      if (response.status === 200) return this.#passed(url, response);
      this.#hear(url, response, undefined);
      return response;
    };
  }

  /**
   * Adds what was heard to what the store has already, bundles also one by one: nothing of it is verified. One at a time: who saves while another
   * does loses.
   *
   * @returns the paths of the bundles, in the order given
   * @throws UsageError `invalid-argument` when what is in the store is no index, SourceUnavailable `malformed` when answers could not be told apart
   */
  async save(store: Store, bundles: readonly string[] = []): Promise<string[]> {
    const before = await store.read(indexPath);
    const answers = before === undefined ? new Map<string, Saved>() : readIndex(before);
    for (const [url, { status, headers, bytes }] of this.#heard) {
      if (bytes === undefined) {
        answers.set(url, { url, status, headers });
        continue;
      }
      const digest = await sha256(bytes);
      // What is asked for by its own digest was known before, and is nobody's token, whatever its members are called.
      if (isCredential(bytes) && !url.includes(digest)) continue;
      await store.write(bodyPath(digest), bytes);
      answers.set(url, { url, status, headers, sha256: digest });
    }
    const paths: string[] = [];
    for (const bundle of bundles) {
      const bytes = new TextEncoder().encode(bundle);
      const path = `bundles/${await sha256(bytes)}.sigstore.json`;
      await store.write(path, bytes);
      paths.push(path);
    }
    // Last, so that it names only what is there.
    await store.write(indexPath, writeIndex(answers.values()));
    return paths;
  }

  /** The answer, whose body is remembered as it is read. */
  #passed(url: string, response: Response): Response {
    const pieces: Uint8Array[] = [];
    const passing = new TransformStream<Uint8Array, Uint8Array>({
      transform: (piece, controller) => {
        pieces.push(piece);
        controller.enqueue(piece);
      },
      flush: () => this.#hear(url, response, joined(pieces)),
    });
    if (response.body === null) this.#hear(url, response, new Uint8Array());
    const passed = new Response(response.body?.pipeThrough(passing) ?? null, { status: 200, headers: response.headers });
    // Where redirects led: whoever asked looks at it.
    Object.defineProperty(passed, "url", { value: response.url });
    return passed;
  }

  /** Whether an answer leads elsewhere. The way is not kept, for keys stand in it: what is there answers to the URL that was asked first. */
  #isLed(url: string, { status, headers }: Response): boolean {
    const location = headers.get("location");
    if (location === null || status < 300 || status > 399) return false;
    if (!URL.canParse(location, url)) return false;
    const target = new URL(location, url).href;
    const from = this.#led.get(target) ?? new Set();
    for (const first of this.#led.get(url) ?? [url]) from.add(first);
    this.#led.set(target, from);
    return true;
  }

  #hear(url: string, response: Response, body: Uint8Array | undefined): void {
    for (const first of this.#led.get(url) ?? [url]) this.#remember(first, response, body);
  }

  #remember(url: string, { status, headers }: Response, body: Uint8Array | undefined): void {
    const key = address(url);
    const bytes = body === undefined ? undefined : keptBody(body);
    const before = this.#heard.get(key);
    // Tokens differ by what is not kept of their URLs.
    if (before !== undefined && before.asked !== url && body !== undefined && isCredential(body)) return;
    // Else a page would take the place of another.
    if (before !== undefined && before.asked !== url && !same(before.bytes, bytes)) {
      throw new SourceUnavailable("malformed", key, "expected one answer, found two at URLs that differ only in what is not kept");
    }
    this.#heard.set(key, { asked: url, status, headers: keptHeaders(headers, url), bytes });
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a?.length === b?.length && (a === undefined || a.every((byte, at) => byte === b?.[at]));
}
