// Answers of npm, PyPI and GitHub that others published, through the adapters: what each bundle is worth is what the manifest says. The corpus is looked for
// under ADMISSIBLE_TEST_DATA.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createVerifierSync } from "../dist/entries/node.js";
import { githubRelease, npmRegistry } from "../dist/policy/index.js";
import { githubEvidence, verifyGithub } from "../dist/sources/github.js";
import { npmEvidence, verifyNpm } from "../dist/sources/npm.js";
import { pypiEvidence } from "../dist/sources/pypi.js";
import { snappy } from "./snappy.mjs";

const data = process.env.ADMISSIBLE_TEST_DATA;
const corpus = { skip: data === undefined && "ADMISSIBLE_TEST_DATA is not set" };
const file = (path) => readFileSync(join(data, "corpus", path));
const verifier = createVerifierSync();

/** What the corpus has of a kind: the entry, and the document. */
const documents = (kind) => JSON.parse(file("manifest.json")).entries.filter((entry) => entry.kind === kind).map((entry) => [entry, file(entry.path)]);

/** Answers by what a URL ends in; nothing else is there. */
const answering = (answers) => ({
  retries: 0,
  async fetch(url) {
    const found = Object.entries(answers).find(([end]) => url.endsWith(end));
    return found === undefined ? new Response(null, { status: 404 }) : new Response(typeof found[1] === "string" || ArrayBuffer.isView(found[1]) ? found[1] : JSON.stringify(found[1]));
  },
});

/** Whether a bundle passes by the root that the manifest names, whoever signed. */
function passes(bundle, facts) {
  const judge = createVerifierSync({ trustedRoot: file(facts.trust_root.path) });
  const [subject] = facts.artifact.subjects;
  const artifact = subject.digest.sha256 === undefined ? { sha512: subject.digest.sha512 } : { sha256: subject.digest.sha256 };
  return judge.inspectSync(bundle, { artifact, signer: { dangerouslyAnySigner: true } }).verdict === "passed";
}

test("every answer of npm is read through the adapter", corpus, async () => {
  let pieces = 0;
  for (const [{ path }, body] of documents("npm-attestations-response")) {
    const dist = { integrity: `sha512-${Buffer.alloc(64).toString("base64")}`, attestations: {} };
    const { bundles } = await npmEvidence(verifier, "app@1.0.0", answering({ "/app/1.0.0": { dist }, "/app@1.0.0": body }));
    assert.deepEqual(bundles.map((text) => JSON.parse(text)), JSON.parse(body).attestations.map((item) => item.bundle), path);
    pieces += bundles.length;
  }
  assert.ok(pieces > 40, `${pieces}`);
});

test("npm's own word about a publication counts by its keys, as the manifest says", corpus, async () => {
  const counts = { verified: 0, rejected: 0 };
  for (const [{ path, items }, body] of documents("npm-attestations-response")) {
    const at = items.findIndex(({ predicate_type: type }) => type.includes("npm/attestation"));
    // The provenance beside it says what was published.
    const provenance = JSON.parse(body).attestations[1 - at].bundle.dsseEnvelope.payload;
    const [{ name, digest: { sha512 } }] = JSON.parse(Buffer.from(provenance, "base64")).subject;
    const [, encoded, version] = /^pkg:npm\/(.+)@([^@]+)$/u.exec(name);
    const published = decodeURIComponent(encoded);
    const dist = { integrity: `sha512-${Buffer.from(sha512, "hex").toString("base64")}`, attestations: {} };
    const options = answering({ [`/${published.replace("/", "%2f")}/${version}`]: { dist }, [`@${version}`]: body });
    // Those of 2023 have the log's promise only.
    const policy = { ...npmRegistry({ package: published, version }), evidence: { promiseOnly: true } };
    const judge = async (change) => await verifyNpm(verifier, `${published}@${version}`, { ...options, policy: { ...policy, ...change } });
    const { outcome, evaluation } = await judge({});
    assert.deepEqual([outcome, evaluation.verdict === "verified"], ["judged", items[at].expected === "valid"], path);
    counts[evaluation.verdict] += 1;
    const earlier = policy.signers.map(({ publicKey }) => ({ publicKey, validFor: { end: "2022-12-01T00:00:00Z" } }));
    for (const change of [{ require: npmRegistry({ package: "other" }).require }, { signers: earlier }]) {
      assert.equal((await judge(change)).evaluation.verdict, "rejected", path);
    }
  }
  assert.deepEqual(counts, { verified: 14, rejected: 10 });
});

test("every answer of PyPI is worth through the adapter what the manifest says", corpus, async () => {
  const counts = { valid: 0, invalid: 0 };
  for (const [{ path, items }, body] of [...documents("pep740-provenance"), ...documents("pep740-attestation")]) {
    const { bundles } = await pypiEvidence(verifier, "app-1.0.tar.gz", answering({ "/app/1.0/app-1.0.tar.gz/provenance": body }));
    assert.equal(bundles.length, items.length, path);
    for (const [index, facts] of items.entries()) {
      assert.equal(passes(bundles[index], facts), facts.expected === "valid", path);
      counts[facts.expected] += 1;
    }
  }
  assert.deepEqual(counts, { valid: 11, invalid: 0 });
});

test("every answer of GitHub is worth the same in full and by URLs in Snappy", corpus, async () => {
  let bundles = 0;
  for (const [{ path, items }, body] of documents("gh-attestations-response")) {
    const { attestations } = JSON.parse(body);
    const answers = Object.fromEntries(attestations.map(({ bundle }, index) => [`/${index}.json.sn`, snappy(JSON.stringify(bundle))]));
    const listed = { attestations: attestations.map((_, index) => ({ bundle: null, bundle_url: `https://blobs.example/${index}.json.sn` })) };
    for (const answer of [body, listed]) {
      const ask = githubEvidence(verifier, "acme/app", `sha256:${"00".repeat(32)}`, answering({ "?per_page=100": answer, ...answers }));
      const found = await ask;
      assert.equal(found.bundles.length, attestations.length, path);
      for (const facts of items) {
        const index = Number(/^whole\/attestations\/(\d+)\/bundle$/u.exec(facts.at)[1]);
        // What others dispute is a statement without its type, which is none.
        assert.equal(passes(found.bundles[index], facts), false, path);
        assert.equal(facts.expected, "disputed", path);
        bundles += 1;
      }
    }
  }
  assert.equal(bundles, 4);
});

test("a release that GitHub attested counts by GitHub's root, also beside what the public-good instance signed", corpus, async () => {
  const bundle = (path) => ({ repository_id: 1, bundle: JSON.parse(file(`bundles/${path}`)) });
  const release = bundle("sigstore__sigstore-rust/fixtures__bundle_v3_jdx_communique.json");
  const build = bundle("carabiner-dev__ampel/testdata__github-actions-bundle.json");
  const root = (name) => JSON.stringify(JSON.parse(readFileSync(new URL(`../../src/roots/${name}.json`, import.meta.url), "utf8")));
  const digest = "sha256:b958c6046bab52febf958c94974e1ffcc450bff78c28d7233e179bfd73828912";
  const judge = async (trustedRoot, argument) => {
    const options = { ...answering({ "?per_page=100": { attestations: [build, release] } }), policy: githubRelease(argument) };
    return (await verifyGithub(createVerifierSync({ trustedRoot }), "jdx/communique", digest, options)).evaluation;
  };
  const both = `${root("public_good")}\n${root("github")}\n`;
  const tag = { glob: "v0.1.*" };
  const { verdict, requirements } = await judge(both, { repository: "jdx/communique", tag });
  assert.deepEqual([verdict, requirements.at(-1).metBy], ["verified", [1]]);
  assert.equal((await judge(root("github"), { repository: "jdx/communique" })).verdict, "verified");
  assert.equal((await judge(root("public_good"), { repository: "jdx/communique" })).verdict, "rejected");
  assert.equal((await judge(both, { repository: "jdx/other" })).verdict, "rejected");
  assert.equal((await judge(both, { repository: "jdx/communique", tag: "v0.1.8" })).verdict, "rejected");
});
