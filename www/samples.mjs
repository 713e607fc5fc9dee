// Writes the samples: cases of the test signer, what was altered in each, and what must come of it. They are nobody's real evidence.
//
//   node samples.mjs MINTED     MINTED: the folder with the cases, `good` and `bad`, that the test signer minted

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Of every sample: the case, its name here, and what it is in one sentence. `check` and `code` are of the first failure, where there must be one. */
const told = [
  { from: "good/provenance-github-attestations", title: "Built by GitHub Actions", altered: "Nothing: build provenance of GitHub’s own action, which the certificate bears out.", state: "verified" },
  { from: "good/provenance-npm-v1", title: "Published to npm with provenance", altered: "Nothing: the provenance that npm writes in a workflow.", state: "verified" },
  { from: "good/provenance-buildkit", title: "A container image’s build", altered: "Nothing: the provenance that BuildKit writes.", state: "verified" },
  { from: "good/provenance-generator-generic", title: "Built by a reusable workflow", altered: "Nothing: a generator of SLSA’s, isolated from the project’s own steps.", state: "verified" },
  { from: "good/leaf-p256-message-rekor1", title: "A signature, and no provenance", altered: "Nothing: somebody signed the file, and nobody says how it was built.", state: "verified" },
  { from: "good/managed-p256-dsse-rekor1", title: "Signed with a key of one’s own", altered: "Nothing: no certificate, but a key that you have to know.", state: "verified" },
  { from: "good/predicate-sbom-cyclonedx", title: "A list of ingredients", altered: "Nothing: a software bill of materials (SBOM), signed.", state: "verified" },
  { from: "good/leaf-p384-sha256", title: "An unusual mix of algorithms", altered: "Nothing: a key of one size signs with a hash of another, which is allowed and told.", state: "verified-with-notes" },
  { from: "good/predicate-malformed", title: "A statement that breaks its own rules", altered: "The signature holds, but what was signed has not the shape of its kind.", state: "verified-with-notes" },
  { from: "bad/dsse-second-signature", title: "Two signatures in one bundle", altered: "A second signature was added to the envelope.", state: "failed", check: "bundle", code: "bundle-signature-count" },
  { from: "bad/checkpoint-other-key-name", title: "A tree head by nobody known", altered: "The log’s tree head is signed in another log’s name.", state: "failed", check: "checkpoint", code: "checkpoint-not-signed-by-log" },
  { from: "bad/proof-hash-corrupted", title: "Not in the log", altered: "One bit of the proof that the log holds the entry was flipped.", state: "failed", check: "inclusionProof", code: "inclusion-proof-wrong-root" },
  { from: "bad/promise-for-another-time", title: "A time that the log did not sign", altered: "The time of the log entry was moved by some seconds.", state: "failed", check: "inclusionPromise", code: "inclusion-promise-signature-invalid" },
  { from: "bad/entry-for-another-signature", title: "Somebody else’s log entry", altered: "The entry is real, but for another signature.", state: "failed", check: "logBinding", code: "log-binding-signature-differs" },
  { from: "bad/timestamp-of-other-bytes", title: "A borrowed timestamp", altered: "The timestamp is genuine, but of other bytes.", state: "failed", check: "timestamp", code: "timestamp-imprint-differs" },
  { from: "bad/promise-missing", title: "Signed at no known time", altered: "The log’s promise was taken out: nobody says when it was signed.", state: "failed", check: "signingTime", code: "signing-time-missing" },
  { from: "bad/leaf-expired-at-signing", title: "Signed after the certificate had ended", altered: "The certificate ran out before the signature was made.", state: "failed", check: "certificatePath", code: "certificate-not-valid-at-signing" },
  { from: "bad/leaf-of-untrusted-ca-with-the-same-names", title: "A forged authority", altered: "Another authority, with the names of the trusted one, issued the certificate.", state: "failed", check: "certificatePath", code: "certificate-signature-invalid" },
  { from: "bad/sct-of-another-precertificate", title: "A certificate that was kept secret", altered: "The certificate log’s receipt is for another certificate.", state: "failed", check: "sct", code: "sct-signature-invalid" },
  { from: "bad/dsse-signed-without-pae", title: "The signature is over something else", altered: "The bytes that were signed are not those that the envelope’s rules demand.", state: "failed", check: "signature", code: "signature-invalid" },
  { from: "bad/dsse-no-subject", title: "A statement about nothing", altered: "The list of files that the statement is about is empty.", state: "failed", check: "statement", code: "statement-without-subject" },
  { from: "bad/provenance-of-another-repository", title: "Claims another repository", altered: "The provenance names a repository that the certificate does not.", state: "failed", check: "provenanceBinding", code: "provenance-source-repository-differs" },
  { from: "bad/provenance-of-another-commit", title: "Claims another commit", altered: "The provenance names a commit that the certificate does not.", state: "failed", check: "provenanceBinding", code: "provenance-source-commit-differs" },
  { from: "bad/dsse-another-subject", title: "Evidence of another file", altered: "The evidence is genuine, but about other bytes.", state: "failed", check: "artifact", code: "artifact-not-a-subject" },
  { from: "good/provenance-npm-v1", id: "another-signer", title: "Signed by somebody else", altered: "Nothing in the evidence: the policy expects another signer.", state: "failed", check: "signer", code: "signer-identity-differs", signers: [{ issuer: "https://token.actions.githubusercontent.com", identity: { glob: "https://github.com/another/**" } }] },
  { from: "bad/sct-none", title: "Too little evidence", altered: "The certificate carries no receipt of a certificate log, and one is demanded.", state: "failed", check: "threshold", code: "threshold-scts" },
  { from: "bad/dsse-another-subject", id: "excepted", title: "Let pass by an exception", altered: "The evidence is about another file, and the policy lets this one pass until 2099.", state: "excepted", code: "exception", excepted: true },
  { id: "none-found", from: "good/provenance-npm-v1", title: "No evidence at all", altered: "There is a file and a policy, and no evidence.", state: "none-found", code: "none-found", none: true },
];

/**
 * Everything that the page needs of them, in one document.
 *
 * @param {string} minted the folder with the cases
 */
export function samples(minted) {
  const roots = [];
  const list = told.map(({ from, id = from.split("/")[1], signers, excepted, none, ...words }) => {
    const text = (name) => readFileSync(join(minted, from, name), "utf8");
    const { identity, issuer } = JSON.parse(text("case.json"));
    const signer = identity === undefined ? { publicKey: text("key.pem") } : { issuer, identity };
    const root = text("trusted_root.json");
    if (!roots.includes(root)) roots.push(root);
    const policy = { version: 1, signers: signers ?? [signer] };
    if (excepted) policy.exceptions = [{ digest: `sha256:${createHash("sha256").update(text("artifact")).digest("hex")}`, reason: "A sample of an exception.", expires: "2099-01-01T00:00:00Z" }];
    return { id, ...words, artifact: text("artifact"), root: roots.indexOf(root), policy, bundles: none ? [] : [text("bundle.sigstore.json")] };
  });
  return { roots, samples: list };
}

const [, script, minted] = process.argv;
if (script !== undefined && import.meta.url === String(pathToFileURL(script))) {
  if (minted === undefined) throw new Error("usage: node samples.mjs MINTED");
  const folder = fileURLToPath(new URL("samples/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "samples.json"), JSON.stringify(samples(minted)));
}
