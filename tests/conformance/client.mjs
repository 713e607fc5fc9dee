#!/usr/bin/env node
// Speaks the command-line protocol of the official Sigstore client conformance suite:
//
//   client.mjs verify-bundle [--staging] --bundle FILE
//       (--certificate-identity TEXT --certificate-oidc-issuer URL | --key PEM)
//       [--trusted-root FILE] FILE_OR_DIGEST
//
// Exit codes: 0 verified, 1 rejected, 2 wrong use. Needs the built package (cargo xtask build).

import { readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createVerifier, UsageError, VerificationFailed } from "../../js/dist/entries/node.js";

const flags = {
  staging: { type: "boolean" },
  bundle: { type: "string" },
  "certificate-identity": { type: "string" },
  "certificate-oidc-issuer": { type: "string" },
  key: { type: "string" },
  "trusted-root": { type: "string" },
};

const stagingRoot = new URL("../../src/roots/staging.json", import.meta.url);

/** One verifier for each trusted root: thousands of cases share a few roots. */
const verifiers = new Map();

/**
 * Runs one command line.
 *
 * @param {readonly string[]} argv the words after the program's name
 * @returns {Promise<{ code: 0 | 1 | 2, stderr: string }>}
 */
export async function run(argv) {
  try {
    const { bundle, options, root } = read(argv);
    const verifier = await verifierFor(root);
    await verifier.verify(bundle, options);
    return { code: 0, stderr: "" };
  } catch (error) {
    if (error instanceof VerificationFailed) return { code: 1, stderr: rejection(error) };
    if (error instanceof Misuse) return { code: 2, stderr: `wrong use: ${error.message}\n` };
    if (error instanceof UsageError) {
      const at = error.at === "" ? "" : ` (at ${error.at})`;
      return { code: 2, stderr: `${error.code}: ${error.message}${at}\n` };
    }
    throw error;
  }
}

class Misuse extends Error {}

function read(argv) {
  const { command, operand, values } = parse(argv);
  if (command !== "verify-bundle") throw new Misuse("the only command is verify-bundle");
  if (operand === undefined) throw new Misuse("the artifact is missing: a file, or sha256:…");
  if (values.bundle === undefined) throw new Misuse("--bundle is missing");
  const root = values["trusted-root"] ?? (values.staging ? stagingRoot : undefined);
  return {
    bundle: file(values.bundle),
    options: {
      artifact: operand.startsWith("sha256:") ? operand : file(operand),
      signer: signer(values),
      // The protocol is about the client specification, which reads no predicate.
      dangerouslyUnboundProvenance: true,
    },
    root: root === undefined ? undefined : file(root),
  };
}

function parse(argv) {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: flags, allowPositionals: true });
    const [command, operand, extra] = positionals;
    if (extra !== undefined) throw new Misuse("one artifact at a time");
    return { command, operand, values };
  } catch (error) {
    throw new Misuse(error.message);
  }
}

function signer(values) {
  const { key, "certificate-identity": identity, "certificate-oidc-issuer": issuer } = values;
  if (key !== undefined && identity === undefined && issuer === undefined) return { publicKey: file(key).toString() };
  if (key === undefined && identity !== undefined && issuer !== undefined) return { identity, issuer };
  throw new Misuse("give --certificate-identity and --certificate-oidc-issuer, or --key alone");
}

function file(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Misuse(`${path} cannot be read (${error.code})`);
  }
}

async function verifierFor(root) {
  const key = root?.toString("latin1");
  let verifier = verifiers.get(key);
  if (verifier === undefined) {
    verifier = await createVerifier(root === undefined ? {} : { trustedRoot: root });
    verifiers.set(key, verifier);
  }
  return verifier;
}

function rejection({ message, failures }) {
  const reasons = failures.map(({ code, message: reason, at }) => `  ${code}: ${reason}${at ? ` (at ${at})` : ""}\n`);
  return `${message}\n${reasons.join("")}`;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { code, stderr } = await run(process.argv.slice(2));
  process.stderr.write(stderr);
  process.exitCode = code;
}
