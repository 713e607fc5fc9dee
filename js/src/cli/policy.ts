import { Misuse } from "./misuse.js";
import { check, help as checkHelp } from "./policy/check.js";
import { dryRun, help as dryRunHelp } from "./policy/dry-run.js";
import { help as importHelp, importForeign } from "./policy/import.js";
import { help as schemaHelp, schema } from "./policy/schema.js";

/** The text of `admissible policy --help`. */
export const help = `\
Policies: one JSON document that says which evidence is enough.

usage: admissible policy <command> [--help]

  check     is this file a policy, and if not, where is it wrong?
  dry-run   what would a policy do to a folder of bundles, and why?
  import    a policy from cosign's or gh's flags, a ClusterImagePolicy or a Kyverno policy
  schema    the JSON Schema of policies, for editors

To judge an artifact: admissible verify <artifact> --policy FILE
`;

const commands: Readonly<Record<string, { readonly help: string; run(argv: readonly string[]): number | Promise<number> }>> = {
  check: { help: checkHelp, run: check },
  "dry-run": { help: dryRunHelp, run: dryRun },
  import: { help: importHelp, run: importForeign },
  schema: { help: schemaHelp, run: schema },
};

/** `admissible policy`. Returns the exit code. */
export async function policy(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === "--help" || name === "-h" || name === "help") {
    process.stdout.write((rest[0] !== undefined && Object.hasOwn(commands, rest[0]) ? commands[rest[0]]?.help : undefined) ?? help);
    return 0;
  }
  if (name === undefined) throw new Misuse("name what to do: check, dry-run, import or schema");
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new Misuse(`there is no command \`policy ${name}\``);
  // What follows import's `--` is another program's command line, whose --help is not ours.
  const ours = rest.includes("--") ? rest.slice(0, rest.indexOf("--")) : rest;
  if (ours.includes("--help") || ours.includes("-h")) {
    process.stdout.write(command.help);
    return 0;
  }
  return command.run(rest);
}
