import type { DigestAlgorithm } from "./artifact.js";
import { UsageError } from "./errors.js";

/** The algorithms, with the length of their digests in bytes. */
export const lengths: Readonly<Record<DigestAlgorithm, number>> = { sha256: 32, sha384: 48, sha512: 64 };

const algorithms = /* @__PURE__ */ Object.keys(lengths) as readonly DigestAlgorithm[];

/**
 * Reads digests from text: `sha256:<hex>`, bare hexadecimal of 64, 96 or 128 digits, or Subresource Integrity metadata
 * ([SRI §3.5](https://www.w3.org/TR/SRI/#the-integrity-attribute)), whose algorithms other than SHA-2 are passed over, as it says. Of several digests only
 * that of the strongest algorithm counts (SRI §3.3.4), for it is the only one that whoever installs the file compares: the others may be of another file.
 *
 * @throws UsageError `invalid-artifact-digest` for anything else: a file's name must not be taken for its content.
 */
export function digestsFromText(text: string): Partial<Record<DigestAlgorithm, string>> {
  const [, named, hex] = /^(sha256|sha384|sha512):(.*)$/su.exec(text) ?? [];
  if (named !== undefined && hex !== undefined) return { [named]: hex };
  const bare = algorithms.find((algorithm) => text.length === 2 * lengths[algorithm]);
  if (bare !== undefined && /^[0-9a-f]+$/iu.test(text)) return { [bare]: text };
  if (/^[a-z0-9]+-/iu.test(text.trim())) return digestsFromIntegrity(text);
  throw refused("an artifact given as a string is a digest such as \"sha256:…\"; pass contents as bytes");
}

function digestsFromIntegrity(text: string): Partial<Record<DigestAlgorithm, string>> {
  const digests: Partial<Record<DigestAlgorithm, string>> = {};
  // All that npm takes for white space too: what it sees apart must not be passed over as one.
  for (const item of text.trim().split(/\s+/u)) {
    const [, algorithm, base64] = /^(sha256|sha384|sha512)-([^?]*)(?:\?.*)?$/u.exec(item) ?? [];
    if (algorithm === undefined || base64 === undefined) continue;
    const name = algorithm as DigestAlgorithm;
    const hex = hexFromBase64(base64);
    if (hex.length !== 2 * lengths[name]) throw refused(`the ${name} digest of the integrity metadata has the wrong length`);
    if (digests[name] !== undefined && digests[name] !== hex) throw refused(`the integrity metadata names two ${name} digests`);
    digests[name] = hex;
  }
  const strongest = [...algorithms].reverse().find((algorithm) => digests[algorithm] !== undefined);
  if (strongest === undefined) throw refused("an artifact given as a string is a digest by sha256, sha384 or sha512");
  return { [strongest]: digests[strongest] };
}

function hexFromBase64(base64: string): string {
  let bytes: string;
  try {
    bytes = atob(base64);
  } catch (cause) {
    throw refused("the integrity metadata is not base64", cause);
  }
  if (btoa(bytes) !== base64) throw refused("the integrity metadata is not canonical base64");
  return Array.from(bytes, (character) => character.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

function refused(message: string, cause?: unknown): UsageError {
  return new UsageError("invalid-artifact-digest", message, "/artifact", { cause });
}
