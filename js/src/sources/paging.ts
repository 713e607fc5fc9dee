import { SourceUnavailable } from "./fetching.js";

/** The next page (RFC 8288). @throws SourceUnavailable `malformed` when it is at another host, where credentials would go, or nowhere. */
export function next(link: string | null, from: string): string | undefined {
  const [, target] = /<([^<>]*)>\s*;[^<>]*\brel="?next"?/u.exec(link ?? "") ?? [];
  if (target === undefined) return undefined;
  if (!URL.canParse(target, from)) throw new SourceUnavailable("malformed", from, "expected the URL of the next page, found something else", 200);
  const url = new URL(target, from);
  if (url.origin !== new URL(from).origin) throw new SourceUnavailable("malformed", from, "the next page is at another host", 200);
  return url.href;
}
