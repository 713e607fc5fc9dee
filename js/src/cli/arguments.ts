import { readFileSync } from "node:fs";
import { parseArgs, type ParseArgsConfig } from "node:util";
import type { Pattern, Signer } from "../options.js";
import { Misuse } from "./misuse.js";

/** The flags that say who must have signed; the names that users of cosign know. */
export const signerFlags = {
  "certificate-identity": { type: "string" },
  "certificate-identity-regexp": { type: "string" },
  "certificate-oidc-issuer": { type: "string" },
  "certificate-oidc-issuer-regexp": { type: "string" },
  key: { type: "string" },
} as const;

/** The values of `signerFlags`. */
export type SignerValues = { readonly [Flag in keyof typeof signerFlags]?: string | undefined };

type Flags = NonNullable<ParseArgsConfig["options"]>;
type Parsed<F extends Flags> = ReturnType<
  typeof parseArgs<{ args: string[]; options: F; allowPositionals: true; strict: true; tokens: true }>
>;

/** Flags and operands; every flag is known, and given at most once unless it may have several values. */
export function parse<const F extends Flags>(argv: readonly string[], flags: F): Parsed<F> {
  try {
    const parsed = parseArgs({ args: [...argv], options: flags, allowPositionals: true, strict: true, tokens: true });
    const seen = new Set<string>();
    for (const token of parsed.tokens) {
      if (token.kind !== "option") continue;
      if (seen.has(token.name) && flags[token.name]?.multiple !== true) throw new Misuse(`--${token.name} is given twice`);
      seen.add(token.name);
    }
    return parsed;
  } catch (error) {
    if (error instanceof Misuse || !(error instanceof Error)) throw error;
    const [line = ""] = error.message.split("\n");
    throw new Misuse(line.replace(/\. To specify a positional.*/su, ""));
  }
}

/** The signer that the flags name: a certificate's identity and issuer, or a key. */
export function signer(values: SignerValues): Signer {
  const { key } = values;
  const identity = pattern(values, "certificate-identity");
  const issuer = pattern(values, "certificate-oidc-issuer");
  if (key !== undefined) {
    if (identity !== undefined || issuer !== undefined) {
      throw new Misuse("--key is for signatures without a certificate: leave out the --certificate-… flags");
    }
    return { publicKey: readFile(key, "--key").toString("utf8") };
  }
  if (identity === undefined && issuer === undefined) {
    throw new Misuse("who must have signed? Give --certificate-identity and --certificate-oidc-issuer, or --key");
  }
  if (identity === undefined) throw new Misuse("--certificate-identity is missing");
  if (issuer === undefined) throw new Misuse("--certificate-oidc-issuer is missing");
  return { identity, issuer };
}

/** Reads a file that the command line names. */
export function readFile(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Misuse(`${what}: ${reason(error)} (${path})`);
  }
}

/** Why a file could not be read, in words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "that is a folder, not a file";
  if (code === "EACCES") return "the file may not be read";
  return "the file could not be read";
}

function pattern(values: SignerValues, flag: "certificate-identity" | "certificate-oidc-issuer"): Pattern | undefined {
  const exact = values[flag];
  const regex = values[`${flag}-regexp`];
  if (exact !== undefined && regex !== undefined) throw new Misuse(`--${flag} and --${flag}-regexp exclude each other`);
  return regex === undefined ? exact : { regex };
}
