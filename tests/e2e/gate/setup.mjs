// What the handler is set up with, and what the upstream serves beside bodies: the test signer's provenance of them.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder of minted cases; without it nothing here can run. */
const minted = process.env.ADMISSIBLE_MINTED;

const file = (name, part) => readFileSync(join(minted, "gate", name, part));

/** Policies by name. All cases are of one signer. */
function policies() {
  const { identity, issuer } = JSON.parse(file("body-0", "case.json"));
  const trusted = { version: 1, name: "bodies", signers: [{ identity, issuer }] };
  const stranger = { ...trusted, name: "<i>strangers</i>", signers: [{ identity: "https://stranger.example/<script>", issuer }] };
  const exceptions = [{ digest: `sha256:${"0".repeat(64)}`, reason: "none that is here", expires: "2100-01-01T00:00:00Z" }];
  return { trusted, stranger, lenient: { ...stranger, mode: "warn" }, excepting: { ...trusted, exceptions } };
}

/** What each host's handler is given, as JSON. */
export function setup(upstream) {
  if (minted === undefined) throw new Error("ADMISSIBLE_MINTED is not set: run cargo xtask e2e");
  return { upstream, trustedRoot: file("body-0", "trusted_root.json").toString(), policies: policies() };
}

/** The bundles and the root, at the paths at which the handler asks for them. */
export function evidence(path) {
  if (path === "/root") return { type: "application/json", content: file("body-0", "trusted_root.json") };
  const name = path.match(/^\/evidence\/([\w-]+)$/u)?.[1];
  return name && { type: "application/json", content: file(name, "bundle.sigstore.json") };
}
