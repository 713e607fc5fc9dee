// The adapters in every server-side runtime: from a reference to a verdict, over the runtime's own fetch, against a registry on loopback.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { bundleText, sha512 } from "../../js/test/demo.mjs";
import { createVerifierSync } from "../../js/dist/entries/node.js";
import { envelope, policy, sha256 } from "../../js/test/images.mjs";
import { consumer, write } from "./consumer.mjs";
import { everywhere, example } from "./runtimes/asking.mjs";

const project = consumer();
after(project.remove);

const bundle = JSON.parse(bundleText);
const attestation = {
  version: 1,
  envelope: { statement: bundle.dsseEnvelope.payload, signature: bundle.dsseEnvelope.signatures[0].sig },
  verification_material: { certificate: bundle.verificationMaterial.certificate.rawBytes, transparency_entries: bundle.verificationMaterial.tlogEntries },
};
const digest = `sha512:${sha512}`;
const integrity = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;
const listed = `/repos/sigstore/sigstore-js/attestations/${digest}?per_page=100`;

const requests = [];
const server = createServer(({ url, headers }, response) => {
  requests.push({ url, authorization: headers.authorization, cookie: headers.cookie });
  const answers = {
    "/sigstore/5.0.0": { dist: { integrity, attestations: {} } },
    "/-/npm/v1/attestations/sigstore@5.0.0": { attestations: [{ predicateType: "https://slsa.dev/provenance/v1", bundle }] },
    "/integrity/sigstore/5.0.0/sigstore-5.0.0.tar.gz/provenance": attestation,
    "/moved": { attestations: [{ repository_id: 1, bundle: null, bundle_url: `http://localhost:${server.address().port}/1.json.sn` }] },
    "/1.json.sn": bundle,
  };
  if (url === listed) return response.writeHead(302, { location: `http://localhost:${server.address().port}/moved` }).end();
  response.writeHead(answers[url] === undefined ? 404 : 200, { "set-cookie": "a=b" });
  return response.end(JSON.stringify(answers[url] ?? {}));
});
await new Promise((resolve) => server.listen(0, resolve));
after(() => {
  server.closeAllConnections();
  server.close();
});
const origin = `http://127.0.0.1:${server.address().port}`;

const program = `
import { createVerifier } from "admissible";
import { verifyNpm } from "admissible/npm";
import { verifyPypi } from "admissible/pypi";
import { verifyGithub } from "admissible/github";
import { Recording, replay } from "admissible/offline";
import { npm } from "admissible/policy";

export async function outcomes() {
  const verifier = await createVerifier();
  const policy = npm({ package: "sigstore", repository: "sigstore/sigstore-js" });
  const recording = new Recording();
  const files = new Map();
  const store = { read: async (path) => files.get(path), write: async (path, bytes) => void files.set(path, bytes) };
  const github = (options) => verifyGithub(verifier, "sigstore/sigstore-js", "${digest}", { api: "${origin}", policy, ...options });
  const found = [
    await verifyNpm(verifier, "sigstore@5.0.0", { registry: "${origin}", policy }),
    await verifyPypi(verifier, "sigstore-5.0.0.tar.gz", "${digest}", { index: "${origin}", policy }),
    await github({ token: "secret", fetch: recording.fetch }),
    await verifyNpm(verifier, "other@1.0.0", { registry: "${origin}", policy }),
    await verifyNpm(verifier, "other@1.0.0", { registry: "http://127.0.0.1:1", retries: 0, policy }),
  ];
  await recording.save(store);
  const fetch = await replay(store);
  found.push(await github({ fetch }), await verifyNpm(verifier, "sigstore@5.0.0", { registry: "${origin}", fetch, policy }));
  return found.map(({ outcome, evaluation, error }) => [outcome, evaluation?.verdict ?? error?.code ?? null]);
}
`;

/** A bundle that the policy admits. */
const [{ bundle: signed }] = createVerifierSync().readSource(JSON.stringify(envelope(sha256("app")))).pieces;

const expected = [["judged", "verified"], ["judged", "verified"], ["judged", "verified"], ["none-found", null], ["unavailable", "unreachable"], ["judged", "verified"], ["unavailable", "not-saved"]];

// What each found, and that no credentials went astray.
everywhere(project, "npm, PyPI and GitHub, and without a network", () => program, (outcomes) => {
  assert.deepEqual(outcomes, expected);
  const carried = requests.filter(({ authorization }) => authorization !== undefined);
  assert.deepEqual(carried.map(({ url }) => url), [listed]);
  assert.ok(requests.some(({ url }) => url === "/1.json.sn"));
  assert.ok(requests.every(({ cookie }) => cookie === undefined));
  requests.length = 0;
});

for (const [name, argv, status, output] of [
  ["npm.mjs", ["sigstore@5.0.0", "sigstore/sigstore-js", origin], 0, /^judged verified: .*\nnpm signed which tarball it has: failed\nhttp.* https:\/\/slsa\.dev\/provenance\/v1\n$/u],
  ["npm.mjs", ["sigstore@5.0.0", "acme/app", origin], 1, /^judged rejected: /u],
  ["npm.mjs", ["other@1.0.0", "acme/app", "http://127.0.0.1:1"], 1, /^unavailable nobody answered.*\n$/u],
  ["npm.mjs", ["other@1.0.0", "acme/app", origin], 1, /^none-found \nnpm signed which tarball it has: no such version\n$/u],
  ["offline.mjs", ["sigstore@5.0.0", "sigstore/sigstore-js", "evidence", origin], 0, /^judged verified: /u],
  ["offline.mjs", ["sigstore@5.0.0", "sigstore/sigstore-js", "evidence", "http://127.0.0.1:1"], 1, /^unavailable expected a saved answer, found none/u],
  ["pypi.mjs", ["sigstore-5.0.0.tar.gz", "sigstore/sigstore-js", "release.yml", origin], 1, /^judged rejected: .*\npublished by, as PyPI says: nobody that it names\n$/u],
  ["file.mjs", ["app.tgz", "app.intoto.jsonl", "policy.json"], 0, /^a DSSE envelope: verified: .*\n$/u],
  ["file.mjs", ["sigstore-5.0.0.tar.gz", "app.intoto.jsonl", "policy.json"], 1, /: rejected: .*\n$/u],
  ["pool.mjs", ["signed", "policy.json"], 0, /^app\.tgz: verified: .*\n$/u],
  ["pool.mjs", ["mixed", "policy.json"], 1, /^app\.tgz: verified: .*\ngone\.tgz: the artifact could not be read to its end: ENOENT.*\nother\.tgz: rejected: .*\n$/u],
  ["github.mjs", ["sigstore-5.0.0.tar.gz", "sigstore/sigstore-js", origin], 1, /^none-found rejected: .*\n404 http/u],
  ["github.mjs", ["sigstore-5.0.0.tar.gz", "sigstore/sigstore-js", "http://127.0.0.1:1"], 1, /^unavailable nobody answered/u],
]) {
  test(`examples/${name} ${argv.slice(0, 2).join(" ")}`, async () => {
    write(project.folder, {
      "sigstore-5.0.0.tar.gz": "another content",
      "app.tgz": "app",
      "app.intoto.jsonl": `${JSON.stringify(envelope(sha256("app")))}\n`,
      "policy.json": JSON.stringify(policy),
      "signed/app.tgz": "app",
      "signed/app.tgz.sigstore.json": signed,
      "mixed/app.tgz": "app",
      "mixed/app.tgz.sigstore.json": signed,
      "mixed/other.tgz": "another content",
      "mixed/other.tgz.sigstore.json": signed,
      "mixed/gone.tgz.sigstore.json": signed,
    });
    const found = await example(project, name, argv);
    assert.match(found.text, output);
    assert.equal(found.status, status);
    requests.length = 0;
  });
}
