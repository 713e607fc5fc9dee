import { unavailable, Refusal } from "./outcome.js";

/**
 * What is not asked of the upstream: a part, or whether something changed, for only a whole file can be judged; an encoding,
 * for the file is what is judged. (RFC 9110 §13.1 and §14.2.)
 */
const notAsked = ["range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];

/**
 * What is said of one connection, and not passed on in either direction (RFC 9110 §7.6.1), beside what `Connection` itself names. Some
 * runtimes hand all of it over, and refuse to send it.
 */
const ofConnection = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

/** What the client says of its connection alone: whom it called, how what it sends is framed, and who it is to a proxy. */
const ofClient = ["host", "content-length", "expect", "proxy-authorization"];

/** The request as the upstream is asked: for the whole file, and with no redirect followed. */
export function upstreamRequest(request: Request): Request {
  const headers = without(request.headers, [...notAsked, ...ofClient]);
  // Deno decodes only what it has asked for itself; what is stored encoded comes so, whatever is asked.
  if ("Deno" in globalThis) headers.delete("accept-encoding");
  else headers.set("accept-encoding", "identity");
  const own = { headers, redirect: "manual" } as const;
  try {
    return new Request(request, own);
  } catch {
    // What a router wraps a request in is none to the constructors of some runtimes.
    return new Request(request.url, { ...own, method: request.method, signal: request.signal });
  }
}

/** A client's own status is passed on with these: how to sign in, and when to come back. */
const kept = ["www-authenticate", "retry-after"];

/**
 * Lets an answer through that holds a whole file.
 *
 * @throws Refusal for every other.
 */
export function wholeFile(response: Response): Response {
  const { status, type } = response;
  if (type === "opaque" || type === "error") throw unavailable("upstream-unreachable", "the upstream's answer may not be read");
  if (status === 200) return unread(response);
  abandon(response);
  const headers = Object.fromEntries(kept.flatMap((name) => (response.headers.has(name) ? [[name, String(response.headers.get(name))]] : [])));
  if (status >= 400 && status < 500) {
    const message = `the upstream refused, with status ${String(status)}`;
    throw new Refusal({ verdict: "unavailable", admitted: false, code: "upstream-refused", message }, status, headers);
  }
  const message = type === "opaqueredirect" || (status >= 300 && status < 400)
    ? "the upstream answered with a redirect, which would lead past the gate"
    : `the upstream answered with status ${String(status)}, which holds no whole file`;
  throw new Refusal({ verdict: "unavailable", admitted: false, code: "upstream-status", message }, 502, headers);
}

/** @throws Refusal for a body that was read before, of which what is left would pass for the whole. */
export function unread(response: Response): Response {
  if (response.bodyUsed || response.body?.locked === true) throw unavailable("upstream-unreadable", "the upstream's body was read before");
  return response;
}

/** Lets go of a body that nobody will read. */
export function abandon(response: Response): void {
  if (!response.bodyUsed) response.body?.cancel().catch(() => undefined);
}

/**
 * How long the body says it is. Of an encoded one, which was decoded on the way, there is no telling; nor of one from another origin in a
 * browser, which hides the encoding and shows the length.
 */
export function declaredLength({ headers, type }: Response): number | undefined {
  const length = headers.get("content-length");
  const mayBeEncoded = headers.has("content-encoding") || type === "cors";
  return length !== null && !mayBeEncoded && /^\d{1,15}$/u.test(length) ? Number(length) : undefined;
}

/**
 * What the upstream says to a proxy, of an encoding that the body no longer has, or of parts (RFC 9110 §14.3); what leads elsewhere, past the
 * gate; and what only a gate may say.
 */
const notPassedOn = ["proxy-authenticate", "content-encoding", "content-length", "content-range", "alt-svc", "refresh", "admissible-verdict"];

/** What is said of the encoded content, and false of the decoded one (RFC 9530 §2 and §3, RFC 9110 §8.8.3.3). */
const ofEncoded = ["etag", "content-digest", "repr-digest", "digest", "content-md5"];

/** A tag as the gate makes them: one that somebody else gave stands for another file. */
const ownTag = /^(?:W\/)?"sha(?:256|384|512):/u;

/** The headers of an answer, without those that the gate's own take the place of. */
export function passedOn(response: Response): Headers {
  const headers = without(response.headers, [...notPassedOn, ...(response.headers.has("content-encoding") ? ofEncoded : [])]);
  if (ownTag.test(headers.get("etag") ?? "")) headers.delete("etag");
  headers.set("accept-ranges", "none");
  return headers;
}

function without(given: Headers, names: readonly string[]): Headers {
  const headers = new Headers(given);
  const named = (given.get("connection") ?? "").split(",").map((name) => name.trim()).filter((name) => token.test(name));
  for (const name of [...named, ...ofConnection, ...names]) headers.delete(name);
  return headers;
}

/** A header's name (RFC 9110 §5.6.2). */
const token = /^[\w!#$%&'*+.^`|~-]+$/u;
