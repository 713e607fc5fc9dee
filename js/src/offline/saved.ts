import { UsageError } from "../errors.js";
import { address, isAnswer, isKept } from "./address.js";

/** One answer, as the index has it. */
export interface Saved {
  /** What was asked, without what may be secret in it. */
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the body, in hexadecimal: its name too. Only an answer with status 200 has one. */
  readonly sha256?: string;
}

/** Where the index is. */
export const indexPath = "index.json";

/** The form of the index. */
const version = 1;

/** Where a body is. */
export function bodyPath(sha256: string): string {
  return `bodies/${sha256}`;
}

/** Writes an index, in the order of the URLs: the same answers make the same text. */
export function writeIndex(answers: Iterable<Saved>): Uint8Array {
  const requests = [...answers].sort((a, b) => (a.url < b.url ? -1 : 1));
  return new TextEncoder().encode(`${JSON.stringify({ version, requests }, undefined, 2)}\n`);
}

/** Reads an index, which may come from anybody. @throws UsageError `invalid-argument` for what `writeIndex` would not write */
export function readIndex(bytes: Uint8Array): Map<string, Saved> {
  let index: unknown;
  try {
    index = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refused("", "it is no JSON", cause);
  }
  if (!hasOnly(index, ["version", "requests"])) throw refused("", "expected an index with `version` and `requests`");
  if (index["version"] !== version) throw refused("/version", `expected version ${String(version)}`);
  if (!Array.isArray(index["requests"])) throw refused("/requests", "expected a list");
  const answers = new Map<string, Saved>();
  index["requests"].forEach((entry: unknown, at) => {
    const wrong = problem(entry);
    if (wrong !== undefined) throw refused(`/requests/${String(at)}`, wrong);
    const saved = entry as Saved;
    if (answers.has(saved.url)) throw refused(`/requests/${String(at)}`, "the URL is there twice");
    answers.set(saved.url, saved);
  });
  return answers;
}

function problem(entry: unknown): string | undefined {
  if (!hasOnly(entry, ["url", "status", "headers", "sha256"])) return "expected a request with `url`, `status`, `headers` and `sha256`";
  const { url, status, headers, sha256 } = entry;
  if (typeof url !== "string" || !URL.canParse(url) || address(url) !== url) return "expected a URL without secrets";
  if (typeof status !== "number" || !isAnswer(status)) return "expected a status that says what there is";
  if (typeof headers !== "object" || headers === null) return "expected headers";
  for (const [name, value] of Object.entries(headers)) {
    if (!isKept(name) || typeof value !== "string" || !/^[ -~]*$/u.test(value)) return "expected headers that are kept, in printable ASCII";
  }
  const hasBody = typeof sha256 === "string" && /^[0-9a-f]{64}$/u.test(sha256);
  if (status === 200 ? !hasBody : sha256 !== undefined) return "expected the SHA-256 of the body where the status is 200, and nowhere else";
  return undefined;
}

/** Whether a value is an object with no keys but these. */
function hasOnly(value: unknown, keys: readonly string[]): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).every((key) => keys.includes(key));
}

function refused(at: string, what: string, cause?: unknown): UsageError {
  return new UsageError("invalid-argument", `${indexPath} is no index of saved evidence: ${what}`, at, { cause });
}
