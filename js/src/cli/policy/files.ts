import { UsageError } from "../../errors.js";
import type { Policy } from "../../policy/document.js";
import type { SourcePiece } from "../../source.js";
import type { Verifier } from "../../verifier.js";
import { readFile } from "../arguments.js";
import { Misuse } from "../misuse.js";
import { resembling } from "../resembling.js";

/** The policy in a file, as its bytes: the core reads them, and says where they are wrong. */
export function policyFile(path: string): Buffer {
  return readFile(path, "the policy");
}

/**
 * The bundles in a file of any kind in which others keep them. A file of no known kind is handed on as one: what is wrong with it is for its
 * verification to say. `otherwise` is told what a file is that is plainly something else; beside other bundles it may be there all the same.
 */
export function bundlesIn(path: string, verifier: Verifier, otherwise: (what: string) => void = () => undefined): Uint8Array[] {
  const bytes = readFile(path, "the bundle");
  let pieces: readonly SourcePiece[];
  try {
    ({ pieces } = verifier.readSource(bytes));
  } catch (error) {
    if (!(error instanceof UsageError && error.code.endsWith("-source"))) throw error;
    const what = resembling(bytes, error);
    if (what !== undefined) otherwise(what);
    return [bytes];
  }
  return pieces.map(({ bundle, url }) => {
    if (bundle === undefined) throw new Misuse(`${path} does not hold the bundle, only where it is: fetch ${url}`);
    return new TextEncoder().encode(bundle);
  });
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
