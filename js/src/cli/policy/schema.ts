import { readFileSync } from "node:fs";
import { Misuse } from "../misuse.js";

/** The text of `admissible policy schema --help`. */
export const help = `\
Prints the JSON Schema of policies. Editors that know it complete keys and mark mistakes.

usage: admissible policy schema
`;

/** `admissible policy schema`. Returns the exit code. */
export function schema(argv: readonly string[]): number {
  if (argv[0] !== undefined) throw new Misuse(`policy schema takes no operand (${argv[0]})`);
  process.stdout.write(readFileSync(new URL("../../../schema/policy.v1.schema.json", import.meta.url)));
  return 0;
}
