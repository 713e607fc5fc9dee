// Reports and evaluations of each kind, for the tests of badges: genuine ones of the demo's bundle, and copies with something changed.

import { readdirSync, readFileSync } from "node:fs";
import { createVerifierSync, VerificationFailed } from "../dist/entries/node.js";
import { github } from "../dist/policy/index.js";
import { SourceUnavailable } from "../dist/sources/fetching.js";
import { bundleBytes, bundleText, changed, options, sha512 } from "./demo.mjs";

const verifier = createVerifierSync();
const repository = "sigstore/sigstore-js";

/** A report of the demo's bundle. */
export function report(change = {}) {
  return verifier.inspectSync(bundleBytes, { ...options, ...change });
}

/** A report of a bundle that somebody has changed. */
export function tampered() {
  return verifier.inspectSync(changed((bundle) => (bundle.dsseEnvelope.signatures[0].sig = "MEUCIQ==")), options);
}

/** An evaluation of the demo's bundle. */
export function evaluation({ policy = {}, demand = {}, bundles = [bundleBytes], ...change } = {}) {
  return verifier.evaluateSync({ bundles, artifact: { sha512 }, policy: { ...github({ repository, ...demand }), ...policy }, now: "2026-07-01T00:00:00Z", ...change });
}

const integrity = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;
const piece = { bundle: bundleText, from: "https://registry.npmjs.org/-/npm/v1/attestations/sigstore@5.0.0" };

/** What `verifyNpm` finds. */
export function judged(change = {}) {
  const evidence = { bundles: [bundleText], pieces: [piece], asked: [{ url: piece.from, status: 200 }], digest: { sha512 }, registrySignature: { verdict: "passed", integrity, failures: [] }, ...change };
  return { outcome: "judged", evaluation: evaluation(), evidence };
}

/** What is found where a registry has no evidence. */
export function noneFound(judgedAs) {
  const asked = [{ url: "https://registry.npmjs.org/acme/1.0.0?token=secret", status: 404 }];
  return { outcome: "none-found", evaluation: judgedAs, evidence: { bundles: [], pieces: [], asked } };
}

/** What is found where a registry does not answer. */
export function unavailable() {
  return { outcome: "unavailable", error: new SourceUnavailable("timed-out", "https://registry.npmjs.org/acme/1.0.0?token=secret", "expected an answer within 1 ms, found none") };
}

const exceptions = [{ digest: `sha512:${sha512}`, reason: "built before we had provenance", expires: "2027-01-01T00:00:00Z" }];

/** A subject for each state, by the state; of some states several. */
export const subjects = {
  verified: { report: report(), evaluation: evaluation(), outcome: judged() },
  "verified-with-notes": {
    anySigner: report({ signer: { dangerouslyAnySigner: true } }),
    unbound: report({ artifact: { dangerouslyUnbound: true } }),
    tag: evaluation({ reference: "registry.example/app:1" }),
  },
  excepted: { evaluation: evaluation({ demand: { level: 3 }, policy: { exceptions } }), none: noneFound(evaluation({ bundles: [], policy: { exceptions } })) },
  "could-not-verify": { unavailable: unavailable(), error: { error: new Error("no module") }, thrown: { error: undefined } },
  failed: {
    report: tampered(),
    artifact: report({ artifact: { sha512: "0".repeat(128) } }),
    evaluation: evaluation({ demand: { level: 3 } }),
    warned: evaluation({ demand: { level: 3 }, policy: { mode: "warn" } }),
    thrown: { error: new VerificationFailed(tampered()) },
  },
  "none-found": { rejected: noneFound(evaluation({ bundles: [] })), warned: noneFound(evaluation({ bundles: [], policy: { mode: "warn" } })), nobody: noneFound(undefined) },
};

/** Every subject, with its state and what it is called. */
export const everySubject = Object.entries(subjects).flatMap(([state, all]) => Object.entries(all).map(([called, subject]) => ({ state, called, subject })));

const folder = process.env.ADMISSIBLE_MINTED;

/** Why there are no minted cases, if there are none. */
export const withoutMinted = folder === undefined && "ADMISSIBLE_MINTED is not set: run cargo xtask test";

/** Every minted case of a kind (`good` or `bad`): its name, report and evaluation. */
export function minted(kind) {
  const read = (name, part) => JSON.parse(readFileSync(`${folder}/${kind}/${name}/${part}.json`, "utf8"));
  return readdirSync(`${folder}/${kind}`).map((name) => ({ name, report: read(name, "report"), evaluation: read(name, "evaluation") }));
}

/** A copy with something changed. */
export function edited(value, change) {
  const copy = structuredClone(value);
  change(copy);
  return copy;
}

/** Every place in a document, as the keys that lead there. */
export function* places(value, path = []) {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    yield [...path, key];
    yield* places(value[key], [...path, key]);
  }
}

/** A copy with another value at a place; `undefined` takes it away. */
export function replaced(value, path, found) {
  return edited(value, (copy) => {
    const last = path.at(-1);
    const parent = path.slice(0, -1).reduce((at, key) => at[key], copy);
    if (found === undefined) delete parent[last];
    else parent[last] = found;
  });
}

/** Every text in a badge. */
export function textsOf(value) {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
