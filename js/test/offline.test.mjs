// `admissible/offline` as a program uses it, with a store of its own.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { createVerifierSync } from "../dist/entries/node.js";
import { Recording, replay } from "../dist/offline/index.js";
import { npm } from "../dist/policy/index.js";
import { githubEvidence } from "../dist/sources/github.js";
import { npmEvidence, verifyNpm } from "../dist/sources/npm.js";
import { bundleText, sha512 } from "./demo.mjs";

const verifier = createVerifierSync();
const registry = "https://registry.example";
const policy = npm({ package: "sigstore", repository: "sigstore/sigstore-js" });
const integrity = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;
const attestations = { attestations: [{ predicateType: "https://slsa.dev/provenance/v1", bundle: JSON.parse(bundleText) }] };
const answering = (answers) => async (url) => {
  const answer = answers[url.slice(registry.length)];
  return answer instanceof Response ? answer : answer === undefined ? new Response(null, { status: 404 }) : Response.json(answer);
};
const answers = { "/sigstore/5.0.0": { dist: { integrity, attestations: {} } }, "/-/npm/v1/attestations/sigstore@5.0.0": attestations };

/** A store in memory. */
function store() {
  const files = new Map();
  return { files, read: async (path) => files.get(path), write: async (path, bytes) => void files.set(path, bytes) };
}
const rejected = (promise) => promise.then(() => assert.fail("expected a rejection"), (error) => error);

test("what one program saved, another judges", async () => {
  const recording = new Recording(answering(answers));
  const { bundles } = await npmEvidence(verifier, "sigstore@5.0.0", { registry, fetch: recording.fetch });
  const kept = store();
  const [path] = await recording.save(kept, bundles);
  assert.deepEqual(new TextDecoder().decode(kept.files.get(path)), bundles[0]);
  const fetch = await replay(kept);
  const { outcome, evaluation } = await verifyNpm(verifier, "sigstore@5.0.0", { registry, fetch, policy });
  assert.deepEqual([outcome, evaluation.verdict], ["judged", "verified"]);
  const other = await verifyNpm(verifier, "other@1.0.0", { registry, fetch, policy });
  assert.deepEqual([other.outcome, other.error.code, other.error.url], ["unavailable", "not-saved", `${registry}/other/1.0.0`]);
  assert.equal((await rejected(replay(store()))).code, "invalid-argument");
});

test("where redirects led is still looked at", async () => {
  const led = async () => Object.defineProperty(Response.json(answers["/sigstore/5.0.0"]), "url", { value: "http://registry.example/sigstore/5.0.0" });
  for (const fetch of [led, new Recording(led).fetch]) {
    const error = await rejected(npmEvidence(verifier, "sigstore@5.0.0", { registry, fetch, retries: 0 }));
    assert.deepEqual([error.name, error.code], ["SourceUnavailable", "insecure"]);
  }
});

test("the way of a redirect is not kept, and what is there answers to the URL that was asked first", async () => {
  const description = answers["/sigstore/5.0.0"];
  const moved = (location) => new Response(null, { status: 302, headers: { location } });
  const recording = new Recording(answering({
    "/sigstore/5.0.0": moved("/KEY/1"), "/KEY/1": moved("/KEY/2?sig=KEY"), "/KEY/2?sig=KEY": description,
    "/-/npm/v1/attestations/sigstore@5.0.0": moved("/KEY/none"),
  }));
  const options = { registry, fetch: recording.fetch };
  assert.deepEqual((await npmEvidence(verifier, "sigstore@5.0.0", options)).bundles, []);
  const kept = store();
  await recording.save(kept);
  for (const bytes of kept.files.values()) assert.doesNotMatch(new TextDecoder().decode(bytes), /KEY/u);
  const { requests } = JSON.parse(new TextDecoder().decode(kept.files.get("index.json")));
  assert.deepEqual(requests.map(({ url, status }) => [url.slice(registry.length), status]), [["/-/npm/v1/attestations/sigstore@5.0.0", 404], ["/sigstore/5.0.0", 200]]);
  const again = await npmEvidence(verifier, "sigstore@5.0.0", { registry, fetch: await replay(kept) });
  assert.deepEqual(again.digest, { sha512 });
});

test("what broke off, was too large or was not asked for by GET is not kept", async () => {
  const broken = new ReadableStream({ start: (controller) => (controller.enqueue(new TextEncoder().encode("{}")), controller.error(new Error("gone"))) });
  const recording = new Recording(async (url) => new Response(url.endsWith("broken/1.0.0") ? broken : "x".repeat(2000)));
  for (const [name, code] of [["broken", "unreachable"], ["large", "too-large"]]) {
    assert.equal((await rejected(npmEvidence(verifier, `${name}@1.0.0`, { registry, fetch: recording.fetch, retries: 0, maxBytes: 1000 }))).code, code);
  }
  await (await recording.fetch(`${registry}/posted`, { method: "POST" })).text();
  const kept = store();
  await recording.save(kept);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(kept.files.get("index.json"))), { version: 1, requests: [] });
  assert.equal((await rejected((await replay(kept))(`${registry}/posted`, { method: "POST" }))).code, "not-saved");
});

test("credentials that a server hands out are not kept", async () => {
  let given = 0;
  const recording = new Recording(async () => Response.json({ token: `KEY${(given += 1)}`, expires_in: 300 }));
  for (const scope of ["x", "y"]) assert.equal((await (await recording.fetch(`${registry}/token?scope=${scope}`, {})).json()).token, `KEY${given}`);
  const kept = store();
  await recording.save(kept);
  assert.deepEqual([...kept.files.keys()], ["index.json"]);
  assert.doesNotMatch(new TextDecoder().decode(kept.files.get("index.json")), /token/u);
});

test("evidence that looks like a credential is kept where it is asked for by its digest", async () => {
  // Whoever may push could else hide the rest from those who judge what was saved: for them, this was never asked.
  const body = JSON.stringify({ token: "not one" });
  const digest = createHash("sha256").update(body).digest("hex");
  const at = `${registry}/v2/acme/app/blobs/sha256:${digest}`;
  const recording = new Recording(async () => new Response(body));
  for (const url of [at, at.replace("blobs", "tokens").replace(digest, "0".repeat(64))]) await (await recording.fetch(url, {})).text();
  const kept = store();
  await recording.save(kept);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(kept.files.get("index.json"))).requests.map(({ url }) => url), [at]);
  assert.equal(await (await (await replay(kept))(at, {})).text(), body);
});

test("two answers at URLs that would be kept as one are refused", async () => {
  let page = 0;
  const pages = new Recording(async (url) => Response.json({ attestations: [{ ...attestations.attestations[0], page }] }, { headers: { link: `<${url}&cursor=${(page += 1)}>; rel="next"` } }));
  const error = await rejected(githubEvidence(verifier, "acme/app", `sha512:${sha512}`, { api: registry, fetch: pages.fetch }));
  assert.deepEqual([error.name, error.code], ["SourceUnavailable", "malformed"]);
});
