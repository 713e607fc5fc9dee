// Real images with their attestations, as `cosign save` kept them (slsa-verifier's test data), played as a registry: from the name of an image to the
// verdict that the corpus' manifest says.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createVerifierSync } from "../dist/entries/node.js";
import { keyless } from "../dist/policy/index.js";
import { verifyImage } from "../dist/sources/oci.js";

const data = process.env.ADMISSIBLE_TEST_DATA;
const skip = data === undefined && "ADMISSIBLE_TEST_DATA is not set";

const json = (path) => JSON.parse(readFileSync(path, "utf8"));

/** A registry that has what is in a layout: blobs and manifests by digest, attestations by cosign's tag, and a tag for the image. */
function registryOf(folder) {
  const listed = json(join(folder, "index.json")).manifests;
  const ofKind = (...kinds) => listed.find(({ annotations }) => kinds.includes(annotations.kind.replace("dev.cosignproject.cosign/", "")));
  const [image, attestations] = [ofKind("image", "imageIndex"), ofKind("atts")];
  const digests = { "1.0": image.digest, [`${image.digest.replace(":", "-")}.att`]: attestations.digest };
  const fetch = async (url) => {
    const [, kind, name] = /^https:\/\/registry\.example\/v2\/app\/(manifests|blobs|referrers)\/([^/?]+)/u.exec(url) ?? [];
    const digest = kind === "manifests" ? (digests[name] ?? name) : name;
    if (kind === "referrers" || !digest?.startsWith("sha256:")) return new Response("{}", { status: 404 });
    try {
      const bytes = readFileSync(join(folder, "blobs/sha256", digest.slice(7)));
      const type = kind === "manifests" ? JSON.parse(bytes).mediaType : "application/octet-stream";
      return new Response(bytes, { headers: { "content-type": type, "docker-content-digest": digest } });
    } catch {
      return new Response("{}", { status: 404 });
    }
  };
  return { fetch, image };
}

test("every image of the corpus, from its name to its verdict", { skip }, async () => {
  const corpus = join(data, "corpus");
  const layouts = json(join(corpus, "manifest.json")).entries.filter(({ path }) => path.startsWith("oci-layouts/"));
  assert.equal(layouts.length, 5);
  for (const { path, signer, trust_root: { path: root }, expected, predicate_type: predicateType } of layouts) {
    assert.match(expected, /^valid/u, path);
    const { fetch, image } = registryOf(join(corpus, path, ".."));
    const verifier = createVerifierSync({ trustedRoot: readFileSync(join(corpus, root)) });
    const trusted = { ...keyless({ issuer: signer.issuer, identity: signer.san }), require: [{ predicateType }] };
    const policy = { ...trusted, evidence: { promiseOnly: true } };
    const by = async (reference, more = {}) => verifyImage(verifier, `registry.example/app${reference}`, { fetch, policy, ...more });

    const { outcome, evaluation, evidence } = await by(":1.0");
    assert.deepEqual([outcome, evaluation.verdict, evaluation.admitted], ["judged", "verified", true], path);
    assert.equal(evidence.image.pinned, `registry.example/app@${image.digest}`);
    assert.deepEqual(evaluation.findings.map(({ code }) => code), ["tag-not-pinned"]);
    assert.deepEqual((await by(`@${image.digest}`)).evaluation.findings, []);

    // The log's word alone is not enough unless the policy says so; nor is anybody's signature.
    const strict = await by(":1.0", { policy: trusted });
    assert.deepEqual(strict.evaluation.bundles[0].report.checks.threshold.failures.map(({ code }) => code), ["threshold-promise-only"], path);
    const other = await by(":1.0", { policy: { ...keyless({ issuer: signer.issuer, identity: `${signer.san}x` }), evidence: policy.evidence } });
    assert.equal(other.evaluation.verdict, "rejected", path);

    if (!image.mediaType.endsWith(".index.v1+json")) continue;
    // The image for a platform: what is signed is the index, and what BuildKit wrote beside the image nobody signed.
    const { evaluation: judged, evidence: found } = await by(":1.0", { platform: "linux/amd64" });
    assert.equal(judged.verdict, "verified", path);
    const { listed, digest } = judged.bundles[0].report.checks.artifact.evidence;
    assert.deepEqual([`sha256:${listed.digest}`, `sha256:${digest}`], [found.image.digest, image.digest]);
    const [{ statement, about }] = found.unsigned;
    assert.deepEqual([statement.verified, statement.level?.build, about], [false, 1, found.image.digest]);
    await assert.rejects(by(":1.0", { platform: "linux/s390x" }), { code: "no-such-platform" });
  }
});
