import { UsageError } from "../../errors.js";
import { parse } from "../arguments.js";
import { palette, printable, printableJson } from "../terminal.js";
import { verifier } from "../verify.js";
import { onlyOperand, policyFile } from "./files.js";

/** The text of `admissible policy check --help`. */
export const help = `\
Reads a policy as a verification would, and says where it is wrong.

usage: admissible policy check <policy> [--json]

  <policy>   a policy (JSON)
  --json     print the result as JSON
  --help     this text

exit codes: 0 a policy that can be used, 1 none, 2 wrong use
`;

const flags = { json: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/** `admissible policy check`. Returns the exit code. */
export function check(argv: readonly string[]): number {
  const { values, positionals } = parse(argv, flags);
  const path = onlyOperand(positionals, "the policy's file");
  const bytes = policyFile(path);
  const paint = palette(process.stdout);
  try {
    const checked = verifier(undefined).checkPolicy(bytes);
    const needs = checked.needsNow ? "; it looks at the present, so verifying takes `now`" : "";
    const text = `${paint.good("✔")} ${printable(path)} is a policy${checked.name === undefined ? "" : ` (${printable(checked.name)})`}${needs}\n  sha256:${checked.sha256}\n`;
    process.stdout.write(values.json === true ? `${printableJson({ usable: true, ...checked })}\n` : text);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError) || error.code === "verifier-lost") throw error;
    const { code, message, at } = error;
    const where = at === "" ? "" : paint.faint(`  at ${printable(at)}`);
    const text = `${paint.bad("✘")} ${printable(path)} is no policy that can be used\n  ${paint.bad(code)}${where}\n    ${printable(message)}\n`;
    process.stdout.write(values.json === true ? `${printableJson({ usable: false, code, message, at })}\n` : text);
    return 1;
  }
}
