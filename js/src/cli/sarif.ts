import { createHash } from "node:crypto";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { changeCodes, failureCodes, requirementCodes } from "../codes.js";
import type { Flaw } from "./flaws.js";
import { version } from "./version.js";

/** A flaw, with what has it and where that is. */
export interface Placed {
  readonly flaw: Flaw;
  /** What is not verified: an artifact, or a package and its version. */
  readonly subject: string;
  /** A file that a person can open; without one, the subject is the place. */
  readonly file?: string | undefined;
  /** Counted from 1. */
  readonly line?: number | undefined;
}

/**
 * A log as code scanning takes it ([SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html)): a rule for each code, a result
 * for each flaw. What is verified has no result; `properties` tells of it.
 */
export function sarif(results: readonly Placed[], exitCode: number, properties: object): object {
  const codes = [...new Set(results.map(({ flaw }) => flaw.code))].sort();
  const rules = codes.map((id) => {
    const hint = results.find(({ flaw }) => flaw.code === id && flaw.hint !== undefined)?.flaw.hint;
    const what = meaning(id);
    return { id, shortDescription: { text: what }, fullDescription: { text: what }, help: { text: plain(hint ?? what) }, properties: { tags: ["security", "supply-chain"] } };
  });
  const seen = new Map<string, number>();
  const run = {
    tool: { driver: { name: "admissible", version: version(), rules } },
    invocations: [{ executionSuccessful: !codes.some((code) => code.startsWith("unavailable-")), exitCode }],
    results: results.map((placed) => result(placed, codes, seen)),
    properties,
  };
  return { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
}

/** One result; `seen` counts those that are alike. */
function result({ flaw, subject, file, line }: Placed, codes: readonly string[], seen: Map<string, number>): object {
  const { code, level, message, hint, at } = flaw;
  const alike = createHash("sha256").update(JSON.stringify([code, subject, at ?? ""])).digest("hex");
  seen.set(alike, (seen.get(alike) ?? 0) + 1);
  const called = subject.replace(/^(sha\d{3}:[0-9a-f]{12})[0-9a-f]+$/u, "$1…");
  const logicalLocations = [{ fullyQualifiedName: at === undefined || at === "" ? subject : `${subject}#${at}`, kind: "resource" }];
  const region = { startLine: line ?? 1 };
  const physicalLocation = file === undefined ? undefined : { artifactLocation: { uri: uri(file) }, region };
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level,
    message: { text: plain(`${called}: ${message}${hint === undefined ? "" : `. Next: ${hint}`}`) },
    locations: [{ ...(physicalLocation !== undefined && { physicalLocation }), logicalLocations }],
    // Lines move; what is wrong with what stays the same alert.
    partialFingerprints: { "admissible/v1": `${alike}:${String(seen.get(alike))}` },
  };
}

/** Text in which brackets make no links (§3.11.6). */
function plain(text: string): string {
  return text.replace(/[\\[\]]/gu, "\\$&");
}

/** A file as a URI: relative to the working folder where it is in there, as code scanning wants it. */
function uri(file: string): string {
  const path = relative(process.cwd(), resolve(file));
  if (path === "" || path.startsWith("..") || isAbsolute(path)) return pathToFileURL(resolve(file)).href;
  return path.split(sep).map(encodeURIComponent).join("/");
}

/** What a code means, in every run the same. */
function meaning(code: string): string {
  const check = Object.entries(failureCodes).find(([, codes]) => (codes as readonly string[]).includes(code))?.[0];
  if (check !== undefined) return `The bundle does not verify: ${words(code)}`;
  if ((requirementCodes as readonly string[]).includes(code)) return `The policy is not met: ${words(code.replace(/^requirement-/u, ""))}`;
  if ((changeCodes as readonly string[]).includes(code)) return `Who built this, or how, has changed: ${words(code)}`;
  if (code.startsWith("unavailable-")) return `The evidence could not be had, so there is no verdict: ${words(code.slice("unavailable-".length))}`;
  return others[code] ?? words(code);
}

const others: Readonly<Record<string, string>> = {
  "none-found": "There is no evidence about this",
  "no-provenance": "There is no provenance of this package",
  "file-changed": "The same version of this package is another file than before",
  "input-mismatched": "The provenance records another input than the one that was used",
  "input-not-recorded": "The provenance does not record this input, which was used",
  "input-incomparable": "The provenance records this input without a digest that can be compared",
  "input-not-used": "The provenance records this input, which was not used",
  "input-weak": "This input is as the provenance records it by a weak digest alone",
};

function words(code: string): string {
  return code.replaceAll("-", " ");
}
