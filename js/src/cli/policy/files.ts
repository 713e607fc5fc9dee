import { bundleBytes } from "../../bundle.js";
import type { Policy } from "../../policy/document.js";
import { readFile } from "../arguments.js";
import { Misuse } from "../misuse.js";

/** The policy in a file, as its bytes: the core reads them, and says where they are wrong. */
export function policyFile(path: string): Buffer {
  return readFile(path, "the policy");
}

/** The bundles in a file: one, one a line (`.jsonl`), or those of an npm or GitHub attestations response. */
export function bundlesIn(path: string): Uint8Array[] {
  const bytes = readFile(path, "the bundle");
  return path.endsWith(".jsonl") ? lines(bytes) : (response(bytes) ?? [bytes]);
}

function lines(bytes: Uint8Array): Uint8Array[] {
  const texts = new TextDecoder().decode(bytes).split("\n");
  return texts.filter((line) => line.trim() !== "").map((line) => new TextEncoder().encode(line));
}

/** The bundles of `{ attestations: [{ bundle }] }`; `undefined` for anything else. */
function response(bytes: Uint8Array): Uint8Array[] | undefined {
  const text = new TextDecoder().decode(bytes);
  // A bundle is handed on as it is written: what a parser would make of it is for the core to say.
  if (!text.includes('"attestations"')) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = typeof parsed === "object" && parsed !== null && "attestations" in parsed ? parsed.attestations : undefined;
  if (!Array.isArray(list)) return undefined;
  const bundles = list.map((item: unknown) => (typeof item === "object" && item !== null && "bundle" in item ? item.bundle : undefined));
  return bundles.filter((bundle) => typeof bundle === "object" && bundle !== null).map((bundle) => bundleBytes(bundle));
}

/** The caller's time: what a flag says, or the clock's. */
export function time(flag: string | undefined): string {
  return flag ?? new Date().toISOString();
}

/** A policy's place in a text of several, for messages. */
export function nameOf(policy: Policy | undefined, index: number): string {
  return policy?.name ?? `document ${String(index + 1)}`;
}

/** A subcommand's one operand. */
export function onlyOperand(positionals: readonly string[], what: string): string {
  const [operand, extra] = positionals;
  if (operand === undefined) throw new Misuse(`name ${what}`);
  if (extra !== undefined) throw new Misuse(`${extra} is one operand too many`);
  return operand;
}
