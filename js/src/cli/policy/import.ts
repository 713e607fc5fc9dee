import { fromCosignFlags } from "../../policy/import/cosign.js";
import { fromGhFlags } from "../../policy/import/gh.js";
import { importPolicy } from "../../policy/import/read.js";
import type { Imported, ImportOptions } from "../../policy/import/result.js";
import { parse, readFile } from "../arguments.js";
import { Misuse } from "../misuse.js";
import { palette, printable } from "../terminal.js";
import { nameOf, onlyOperand } from "./files.js";

/** The text of `admissible policy import --help`. */
export const help = `\
Makes a policy of what another tool is told. What cannot be said as a policy is listed, never ignored.

usage: admissible policy import <file> [--dangerously-widen]
       admissible policy import [--dangerously-widen] -- cosign verify-attestation --type slsaprovenance …
       admissible policy import [--dangerously-widen] -- gh attestation verify … --repo OWNER/REPO

  <file>               a ClusterImagePolicy or Kyverno policy, in YAML or JSON; the one policy in it
  --dangerously-widen  make a policy even though it trusts more than its source
  --help               this text

The policy goes to standard output, the list to standard error.
exit codes: 0 a policy, 1 none can be made, 2 wrong use
`;

const flags = { "dangerously-widen": { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/** `admissible policy import`. Returns the exit code. */
export async function importForeign(argv: readonly string[]): Promise<number> {
  const end = argv.indexOf("--");
  const foreign = end < 0 ? undefined : argv.slice(end + 1);
  const { values, positionals } = parse(end < 0 ? argv : argv.slice(0, end), flags);
  const options: ImportOptions = values["dangerously-widen"] === true ? { dangerouslyWiden: true } : {};
  const imported = foreign === undefined ? await ofFile(onlyOperand(positionals, "the file, or a command line behind --"), options) : ofFlags(foreign, options);
  const paint = palette(process.stderr);
  for (const { at, what, why, narrows } of imported.unsupported) {
    const mark = narrows ? paint.bad("✘ cannot be said") : paint.warning("! differs");
    process.stderr.write(`${mark} ${printable(what)}${at === "" ? "" : paint.faint(`  at ${printable(at)}`)}\n    ${printable(why)}\n`);
  }
  if (imported.policy === undefined) {
    process.stderr.write(`${paint.bad("no policy:")} it would trust more than its source; --dangerously-widen makes it all the same, where it can be made\n`);
    return 1;
  }
  process.stdout.write(`${JSON.stringify(imported.policy, undefined, 2)}\n`);
  return 0;
}

function ofFlags(argv: readonly string[], options: ImportOptions): Imported {
  const [program, ...rest] = argv;
  const readKey = (path: string): string => readFile(path, "--key").toString("utf8");
  if (program === "cosign") return fromCosignFlags(rest, { readKey, ...options });
  if (program === "gh") return fromGhFlags(rest, options);
  throw new Misuse("behind -- stands a command line of cosign or gh");
}

async function ofFile(path: string, options: ImportOptions): Promise<Imported> {
  const text = readFile(path, "the policy").toString("utf8");
  // Loaded only here: whoever verifies needs no YAML.
  const yaml = (await import(new URL("../../vendor/yaml/index.js", import.meta.url).href)) as typeof import("yaml");
  const all = importPolicy(
    text,
    (source) =>
      yaml.parseAllDocuments(source).map((document) => {
        const [error] = document.errors;
        if (error !== undefined) throw error;
        return document.toJS({ maxAliasCount: 100 }) as unknown;
      }),
    options,
  );
  const [only, second] = all;
  if (only === undefined) throw new Misuse(`${path} holds no document`);
  if (second !== undefined) {
    const names = all.map(({ policy, name, index }) => name ?? nameOf(policy, index)).join(", ");
    throw new Misuse(`${path} holds several documents (${names}): import them one by one`);
  }
  return only;
}
