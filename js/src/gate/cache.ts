import type { Judgement } from "./outcome.js";

/** A verdict as it is kept: plain JSON. */
export interface CachedVerdict {
  /** The whole text that the key was made from, so that no verdict is taken for another's. */
  readonly subject: string;
  /** When it is forgotten, in milliseconds since 1970. */
  readonly expires: number;
  readonly judgement: Judgement;
}

/**
 * Keeps verdicts. Whoever can write to it decides what passes: it belongs to the gate alone. What it throws, and what it returns that is no
 * verdict, counts as nothing found.
 */
export interface VerdictCache {
  /** @param key 64 hexadecimal digits */
  get(key: string): unknown;
  /** @param seconds how long the verdict holds; it is not used for longer, whether the cache forgets it or not */
  put(key: string, verdict: CachedVerdict, seconds: number): unknown;
}

/** Keeps the last verdicts in memory: of one isolate, until that ends. */
export function memoryCache({ most = 1000 }: { readonly most?: number } = {}): VerdictCache {
  const kept = new Map<string, CachedVerdict>();
  return {
    get(key) {
      const found = kept.get(key);
      if (found !== undefined) {
        kept.delete(key);
        kept.set(key, found);
      }
      return found;
    },
    put(key, verdict) {
      kept.delete(key);
      kept.set(key, verdict);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
    },
  };
}

/** What is used of a `Cache` of the Cache API. */
export interface ResponseCache {
  match(url: string): Promise<Response | undefined>;
  put(url: string, response: Response): Promise<void>;
}

/**
 * Keeps verdicts by the Cache API: of one browser, or of one data center of an edge network.
 *
 * @param cache the cache, a promise of it, or a function that opens it: `() => caches.open("admissible-verdicts")`, `() => caches.default`
 * @param prefix the URL below which verdicts are kept, never fetched; of a zone of yours where the platform demands that
 */
export function cacheApiCache(
  cache: ResponseCache | PromiseLike<ResponseCache> | (() => ResponseCache | PromiseLike<ResponseCache>),
  prefix = "https://verdicts.admissible.invalid/",
): VerdictCache {
  const open = async (): Promise<ResponseCache> => (typeof cache === "function" ? cache() : cache);
  return {
    async get(key) {
      const found = await (await open()).match(prefix + key);
      return found === undefined ? undefined : await found.json();
    },
    async put(key, verdict, seconds) {
      const headers = { "content-type": "application/json", "cache-control": `max-age=${String(seconds)}` };
      await (await open()).put(prefix + key, new Response(JSON.stringify(verdict), { headers }));
    },
  };
}

/** Takes what a cache returned for a verdict about `subject`, if it is one and still holds. */
export function readCached(found: unknown, subject: string, policySha256: string, now: number): Judgement | undefined {
  if (!isObject(found)) return undefined;
  const { subject: about, expires, judgement } = found;
  if (about !== subject || typeof expires !== "number" || !(now < expires) || !isJudgement(judgement)) return undefined;
  return judgement.policy.sha256 === policySha256 ? judgement : undefined;
}

function isJudgement(value: unknown): value is Judgement {
  if (!isObject(value)) return false;
  const { verdict, admitted, mode, summary, requirements, findings, policy } = value;
  const passes = verdict === "verified" || verdict === "excepted" || (verdict === "rejected" && mode === "warn");
  const isVerdict = passes || verdict === "rejected";
  const isNamed = isObject(policy) && (policy["name"] === undefined || typeof policy["name"] === "string");
  return isVerdict && admitted === passes && typeof summary === "string" && isNamed && isList(requirements, isLine) && isList(findings, isReason);
}

/** Whether a denial can tell of it: everything else in it is for programs. */
function isLine(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { name, met, failures = [], parts = [] } = value;
  return typeof name === "string" && typeof met === "boolean" && isList(failures, isReason) && isList(parts, isLine);
}

function isReason(value: unknown): boolean {
  return isObject(value) && typeof value["message"] === "string" && (value["hint"] === undefined || typeof value["hint"] === "string");
}

function isList(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
