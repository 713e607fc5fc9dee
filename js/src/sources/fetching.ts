import { Gathering, isBytes, view } from "../bytes.js";
import { UsageError } from "../errors.js";
import { printable } from "../printable.js";
import { said } from "./refusal.js";

/** Why evidence could not be had. None of them says anything about the evidence. */
export type UnavailableCode =
  /** Nobody answered, or the answer broke off. */
  | "unreachable"
  /** Not within `timeout`. */
  | "timed-out"
  /** The answer's status is none that has evidence, nor says that there is none. */
  | "refused"
  /** More bytes than `maxBytes`. */
  | "too-large"
  /** Plain HTTP to another machine, or a redirect that would lead there. */
  | "insecure"
  /** The answer is not what was asked for. */
  | "malformed"
  /** Nobody was asked, and no answer was saved before (`admissible/offline`). */
  | "not-saved";

/** Evidence could not be fetched: there is no verdict, which is never a good one. */
export class SourceUnavailable extends Error {
  override readonly name = "SourceUnavailable";
  readonly code: UnavailableCode;
  /** What was asked. */
  readonly url: string;
  /** The status of the answer, if there was one. */
  readonly status: number | undefined;

  constructor(code: UnavailableCode, url: string, message: string, status?: number, options?: ErrorOptions) {
    super(`${message} (${url})`, options);
    this.code = code;
    this.url = url;
    this.status = status;
  }
}

/** How evidence is fetched. */
export interface FetchOptions {
  /** The global `fetch` unless stated. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Ends it: the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds for each attempt, its answer included; 30 seconds unless stated. */
  readonly timeout?: number;
  /** Milliseconds for all requests of a call together; 5 minutes unless stated. A registry that answers each just in time would else take hours. */
  readonly deadline?: number;
  /** How often a request is made again that found nobody, or was told to come back later (429, 5xx); twice unless stated. */
  readonly retries?: number;
  /** The most bytes of an answer; 64 MiB unless stated. */
  readonly maxBytes?: number;
  /** Told of each request before it is made. */
  readonly onRequest?: (url: string) => void;
}

/** One request that was made, and its answer's status. */
export interface Asked {
  readonly url: string;
  readonly status: number;
}

/** What is asked of one URL. */
export interface Request {
  readonly accept: string;
  /** Goes to this URL's origin, and nowhere else. */
  readonly authorization?: string | undefined;
  /** Statuses that say that there is nothing; 404 unless stated. */
  readonly none?: readonly number[];
  /** Whoever named the URL: an answer over TLS must not lead to plain HTTP, on this machine neither. */
  readonly from?: string;
  /** The most bytes of this answer, where `maxBytes` of the options is not less. */
  readonly maxBytes?: number;
  /** Every status is an answer; another than 200 is thrown unless stated. */
  readonly refusals?: boolean;
  /** What may help whoever is not let in. */
  readonly hint?: string | undefined;
  /** Where this URL leads is refused, not followed. */
  readonly unmoved?: boolean;
  /** The caller has asked for plain HTTP to this URL's host. */
  readonly plainHttp?: boolean;
}

/** An answer: its status is 200, unless refusals were asked for; of those it has the beginning. */
export interface Answer {
  readonly status: number;
  readonly bytes: Uint8Array;
  readonly headers: Headers;
}

const keys: readonly string[] = ["fetch", "signal", "timeout", "deadline", "retries", "maxBytes", "onRequest"];
/** The status of an answer that says that there is nothing. */
const nothing: readonly number[] = [404];
const mostRedirects = 5;
/** What is read of a refusal. */
const mostRefusalBytes = 16 * 1024;
/** The longest that is waited for whoever says when to come back. */
const longestWait = 20_000;

/** Fetches bytes, carefully: bounded in time and size, again where that helps, with credentials for nobody else, and each request remembered. */
export class Fetcher {
  readonly #options: Required<Omit<FetchOptions, "signal" | "onRequest">> & Pick<FetchOptions, "signal" | "onRequest">;
  /** Every request that was answered. */
  readonly asked: Asked[] = [];
  readonly #begun = Date.now();

  /** `own` are the keys of one adapter. @throws UsageError for an option that is not known. */
  constructor(options: FetchOptions, own: readonly string[]) {
    const unknown = Object.keys(options).find((key) => !keys.includes(key) && !own.includes(key));
    if (unknown !== undefined) throw new UsageError("invalid-argument", `there is no option \`${unknown}\``, `/${unknown}`);
    const { fetch = (url, init) => globalThis.fetch(url, init), timeout = 30_000, deadline = 300_000, retries = 2, maxBytes = 64 * 1024 * 1024, signal, onRequest } = options;
    for (const [name, value] of Object.entries({ timeout, deadline, retries, maxBytes })) {
      if (!(typeof value === "number" && value >= 0 && (value < Infinity || name === "deadline"))) throw new UsageError("invalid-argument", `\`${name}\` is a number from 0 up`, `/${name}`);
    }
    this.#options = { fetch, timeout, deadline, retries, maxBytes, ...(signal !== undefined && { signal }), ...(onRequest !== undefined && { onRequest }) };
  }

  /**
   * What is at a URL; `undefined` where there is nothing.
   *
   * @throws SourceUnavailable
   */
  async get(url: string, request: Request): Promise<Answer | undefined> {
    for (let attempt = 0; ; attempt += 1) {
      this.#options.signal?.throwIfAborted();
      let wait: number;
      try {
        const found = await this.#attempt(url, request);
        if (!isLater(found.status) || attempt >= this.#options.retries) return this.#answer(url, request, found);
        wait = Math.min(longestWait, Math.max(retryAfter(found.headers), backOff(attempt)));
      } catch (error) {
        if (!(error instanceof SourceUnavailable && error.code === "unreachable") || attempt >= this.#options.retries) throw error;
        wait = backOff(attempt);
      }
      await pause(wait, this.#options.signal);
    }
  }

  #answer(url: string, { none = nothing, refusals, hint }: Request, answer: Answer): Answer | undefined {
    const { status } = answer;
    this.asked.push({ url, status });
    if (none.includes(status)) return undefined;
    if (status !== 200 && refusals !== true) throw refusal(url, answer, [401, 403, 429].includes(status) ? hint : undefined);
    return answer;
  }

  /** One attempt, redirects included: within the time limit, all of it. */
  async #attempt(url: string, request: Request): Promise<Answer> {
    const { signal, timeout, deadline, onRequest } = this.#options;
    const left = this.#begun + deadline - Date.now();
    const late = left < timeout ? `all answers within ${String(deadline)} ms` : `an answer within ${String(timeout)} ms`;
    const controller = new AbortController();
    const leave = (): void => controller.abort(signal?.reason);
    signal?.addEventListener("abort", leave);
    const timer = setTimeout(() => controller.abort(new SourceUnavailable("timed-out", url, `expected ${late}, found none`)), Math.max(0, Math.min(left, timeout)));
    try {
      onRequest?.(url);
      return await this.#follow(url, request, controller.signal);
    } catch (error) {
      if (controller.signal.aborted) throw controller.signal.reason;
      if (error instanceof SourceUnavailable || error instanceof UsageError) throw error;
      throw new SourceUnavailable("unreachable", url, `nobody answered, or not to the end${told(error)}`, undefined, { cause: error });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
    }
  }

  async #follow(url: string, request: Request, signal: AbortSignal): Promise<Answer> {
    const { accept, authorization, from, unmoved, refusals, none = nothing } = request;
    const plain = request.plainHttp === true ? new URL(url).hostname : undefined;
    let at = secure(url, from, plain);
    for (let hops = 0; hops <= mostRedirects; hops += 1) {
      const mayKnow = authorization !== undefined && at.origin === new URL(url).origin;
      const headers = { accept, ...(mayKnow && { authorization }) };
      const ask = async (redirect: RequestRedirect): Promise<Response> => this.#options.fetch(at.href, { headers, signal, redirect, ...withoutCookies() });
      // By hand: not every runtime leaves credentials behind at another host, and none asks first whether it may go where it is led.
      let response = await ask("manual");
      if (response.type === "opaqueredirect") {
        if (authorization !== undefined || unmoved === true) throw new SourceUnavailable("refused", url, "a redirect cannot be followed here without its credentials");
        // Browsers do not tell where to, and go nowhere else than from https to https.
        response = await ask("follow");
      }
      if (response.url !== "") secure(response.url, url, plain);
      const location = response.headers.get("location");
      if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) {
        const { status, headers } = response;
        if (status === 200 || refusals === true || !none.includes(status)) return { status, headers, bytes: await this.#read(response, url, request) };
        unread(response);
        return { status, headers, bytes: new Uint8Array() };
      }
      unread(response);
      if (unmoved === true) throw new SourceUnavailable("refused", url, "expected an answer, found a redirect", response.status);
      at = secure(location, at.href, plain);
    }
    throw new SourceUnavailable("refused", url, `expected at most ${String(mostRedirects)} redirects, found more`);
  }

  async #read(response: Response, url: string, request: Request): Promise<Uint8Array> {
    const isRefusal = response.status !== 200;
    const most = Math.min(this.#options.maxBytes, request.maxBytes ?? Infinity, isRefusal ? mostRefusalBytes : Infinity);
    const reader = response.body?.getReader();
    const gathering = new Gathering(most);
    for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
      if (!isBytes(piece.value)) throw new SourceUnavailable("malformed", url, "the answer yields no bytes");
      const bytes = view(piece.value);
      if (gathering.add(bytes)) continue;
      reader?.cancel().catch(() => undefined);
      if (!isRefusal) throw new SourceUnavailable("too-large", url, `expected an answer of at most ${String(most)} bytes, found a larger one`);
      gathering.add(bytes.subarray(0, most - gathering.bytes.length));
      break;
    }
    return gathering.bytes;
  }
}

/** What Node.js tells of it: no such name, no such port, a certificate that does not hold. Other runtimes keep it to themselves. */
function told(error: unknown): string {
  const { code } = (error instanceof Error ? (error.cause ?? error) : {}) as { readonly code?: unknown };
  return typeof code === "string" && /^[A-Z_]{1,64}$/u.test(code) ? `: ${code}` : "";
}

/** A refusal with what the server says of it, and what may help. */
export function refusal(url: string, { status, bytes }: Answer, hint?: string): SourceUnavailable {
  const words = said(bytes);
  const found = `found ${String(status)}${words === "" ? "" : `, "${printable(words)}"`}`;
  return new SourceUnavailable("refused", url, `expected an answer with status 200, ${found}${hint === undefined ? "" : `: ${hint}`}`, status);
}

/** Leaves an answer's body unread. */
function unread(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}

/** Whether a host is this machine. */
export function isLocal(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/u.test(hostname);
}

/**
 * A URL, which `from` named if it did.
 *
 * @throws SourceUnavailable `insecure` for plain HTTP, unless it is from this machine to itself, or to the host `plain`; `malformed` for what is no URL
 */
function secure(url: string, from?: string, plain?: string): URL {
  let parsed: URL;
  try {
    parsed = new URL(url, from);
  } catch (cause) {
    throw new SourceUnavailable("malformed", url, "expected a URL, found something else", undefined, { cause });
  }
  if (from !== undefined && new URL(from).protocol === "https:" && parsed.protocol !== "https:") {
    throw new SourceUnavailable("insecure", parsed.href, `expected https as before, found ${parsed.protocol.slice(0, -1)}`);
  }
  const mayBePlain = parsed.hostname === plain || (isLocal(parsed.hostname) && (from === undefined || isLocal(new URL(from).hostname)));
  if (parsed.protocol === "https:" || (parsed.protocol === "http:" && mayBePlain)) return parsed;
  throw new SourceUnavailable("insecure", url, `expected https, found ${parsed.protocol.slice(0, -1)}`);
}

/** Only where there are cookies; workerd refuses to hear of them. */
function withoutCookies(): { readonly credentials?: "omit" } {
  return "credentials" in globalThis.Request.prototype ? { credentials: "omit" } : {};
}

function isLater(status: number): boolean {
  return status === 429 || status >= 500;
}

/** Milliseconds; seconds or a date in the header (RFC 9110 §10.2.3). */
function retryAfter(headers: Headers): number {
  const text = headers.get("retry-after") ?? "";
  if (/^\d+$/u.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : date - Date.now();
}

/** Longer each time, and not the same for everybody. */
function backOff(attempt: number): number {
  return 250 * 2 ** attempt * (0.5 + Math.random());
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", leave);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", leave, { once: true });
  });
}
