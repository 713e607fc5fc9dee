import type { SourceUnavailable } from "../sources/fetching.js";

/** What of a query tells which answer is meant. All else may be a key to a store (`sig`, `X-Amz-Signature`), and is not kept. */
const telling: ReadonlySet<string> = new Set(["per_page", "page", "after", "before", "predicate_type", "artifactType", "n", "last"]);

/** A URL without what may be secret in it, which is how answers are found again. @throws TypeError for what is no URL */
export function address(url: string): string {
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  parsed.hash = "";
  for (const name of new Set(parsed.searchParams.keys())) if (!telling.has(name)) parsed.searchParams.delete(name);
  return parsed.href;
}

/** `address`, for text that need be no URL. */
export function withoutSecrets(url: string): string {
  return URL.canParse(url) ? address(url) : url;
}

/** Why there is no verdict, without what may be secret in the URL. */
export function unavailableText({ message, url }: Pick<SourceUnavailable, "message" | "url">): string {
  return message.replaceAll(url, withoutSecrets(url));
}

/** The headers that adapters read. */
const kept: readonly string[] = ["content-type", "docker-content-digest", "link", "location", "oci-filters-applied"];

/** Whether a header is one that is kept. */
export function isKept(name: string): boolean {
  return kept.includes(name);
}

/** The headers of an answer as they are kept: those that adapters read, without secrets in the URLs. */
export function keptHeaders(headers: Headers, url: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of kept) {
    const value = headers.get(name);
    if (value === null) continue;
    const absolute = (target: string): string => (URL.canParse(target, url) ? address(new URL(target, url).href) : "");
    if (name === "location") found[name] = absolute(value);
    else if (name === "link") found[name] = value.replace(/<([^<>]*)>/gu, (_, target: string) => `<${absolute(target)}>`);
    else found[name] = value;
  }
  return found;
}

/**
 * An answer's body as it is kept: byte for byte, but for the query of GitHub's `bundle_url`, with which anybody may fetch the bundle until it
 * runs out.
 */
export function keptBody(bytes: Uint8Array): Uint8Array {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
  const cut = text.replace(/("bundle_url"\s*:\s*)("(?:[^"\\]|\\.)*")/gu, (whole, member: string, value: string) => {
    try {
      return member + JSON.stringify(address(JSON.parse(value) as string));
    } catch {
      return whole;
    }
  });
  return cut === text ? bytes : new TextEncoder().encode(cut);
}

/** Whether an answer is a credential, such as registries of images hand out. */
export function isCredential(bytes: Uint8Array): boolean {
  if (bytes.length > 256 * 1024) return false;
  try {
    const document = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown> | null;
    return ["token", "access_token"].some((name) => typeof document?.[name] === "string");
  } catch {
    return false;
  }
}

/**
 * Whether a status says something about what was asked for, and not about who asks, or when: by some, a registry says that it lists no referrers.
 * Others are not kept: they would stay as if they did.
 */
export function isAnswer(status: number): boolean {
  return [200, 301, 302, 303, 307, 308, 400, 404, 405, 406, 422].includes(status);
}
