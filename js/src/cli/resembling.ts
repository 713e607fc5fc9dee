import type { UsageError } from "../errors.js";
import { readIndex } from "../offline/saved.js";

/** What a document is that holds no evidence, in plain words with the article; `undefined` for what nobody knows. `error` is why the core does not read it. */
export function resembling(bytes: Uint8Array, { code, message }: UsageError): string | undefined {
  // The core's sentence ends with what it found: "expected …, found a trusted root".
  const [, named] = /, found (?!something else)(.*)$/su.exec(code === "unknown-source" ? message : "") ?? [];
  return named ?? (code === "unknown-source" ? ours(bytes) : undefined) ?? known(bytes);
}

/** JSON that is none of the core's business. */
function ours(bytes: Uint8Array): string | undefined {
  try {
    readIndex(bytes);
    return "the index of saved evidence, for verify-… --offline";
  } catch {
    const text = new TextDecoder().decode(bytes);
    return /^\s*\{/u.test(text) && /"lockfileVersion"\s*:/u.test(text) ? "a lock file of npm, for verify-npm --lock" : undefined;
  }
}

/** What is no document at all, by how it begins. */
function known(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 64)).trimStart();
  if (/^-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/u.test(head)) return "a private key";
  if (head.startsWith("\u{1f}\u{8b}")) return "a file compressed with gzip, such as a package";
  if (head.startsWith("PK\u{3}\u{4}")) return "a ZIP archive, such as a wheel";
  return undefined;
}
