import { bundleBytes } from "../bundle.js";
import { Engine } from "../engine.js";
import { parse, readFile } from "./arguments.js";
import { Misuse } from "./misuse.js";
import { wasmModule } from "./module.js";
import { palette, printable, printableJson, type Palette } from "./terminal.js";

/** The text of `admissible inspect --help`. */
export const help = `\
Prints what a Sigstore bundle claims. Nothing of it is verified: anyone can write such a file.

usage: admissible inspect <bundle> [--json]

  <bundle>   a bundle file (.sigstore.json, .sigstore)
  --json     print the claims as JSON
  --help     this text

exit codes: 0 printed, 1 not a readable bundle, 2 wrong use. To learn whether the claims are true: admissible verify
`;

const flags = { json: { type: "boolean" }, help: { type: "boolean", short: "h" } } as const;

/** `admissible inspect`. Returns the exit code. */
export function inspect(argv: readonly string[]): number {
  const { values, positionals } = parse(argv, flags);
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const [path, extra] = positionals;
  if (path === undefined) throw new Misuse("name the bundle file");
  if (extra !== undefined) throw new Misuse(`one bundle at a time: ${extra} is one too many`);
  const claims = new Engine(wasmModule(), undefined).describe(bundleBytes(readFile(path, "the bundle")));
  if (values.json === true) {
    process.stdout.write(`${printableJson(claims)}\n`);
  } else {
    const paint = palette(process.stdout);
    process.stdout.write(`${paint.warning("UNVERIFIED")}  what ${printable(path)} claims; nothing below was checked\n\n`);
    process.stdout.write(`${outline(claims, paint, "  ").join("\n")}\n`);
  }
  return isUnreadable(claims) ? 1 : 0;
}

function isUnreadable(claims: unknown): boolean {
  return typeof claims !== "object" || claims === null || "unreadable" in claims;
}

/** Nested claims as indented lines. */
function outline(value: unknown, paint: Palette, indent: string): string[] {
  if (typeof value !== "object" || value === null) return [`${indent}${printable(String(value))}`];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const label = `${indent}${paint.strong(printable(Array.isArray(value) ? `${String(Number(key) + 1)}.` : `${words(key)}:`))}`;
    if (typeof inner !== "object" || inner === null) return [`${label} ${printable(String(inner))}`];
    if (Object.keys(inner).length === 0) return [`${label} none`];
    return [label, ...outline(inner, paint, `${indent}  `)];
  });
}

/** `keyMaterial` as `key material`. */
function words(key: string): string {
  return /^[a-z][A-Za-z]*$/u.test(key) ? key.replace(/[A-Z]+/gu, (letters) => ` ${letters.length > 1 ? letters : letters.toLowerCase()}`) : key;
}
