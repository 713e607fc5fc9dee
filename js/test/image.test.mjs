// Names and documents of images: what was asked for is what is read, and nothing else is.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { createVerifierSync } from "../dist/entries/node.js";
import { bundleText, options } from "./demo.mjs";

const verifier = createVerifierSync();
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";

const bytes = (value) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const sha256 = (content) => `sha256:${createHash("sha256").update(content).digest("hex")}`;
const describe = (mediaType, content, more = {}) => ({ mediaType, digest: sha256(content), size: content.length, ...more });
const platform = (architecture, variant) => ({ platform: { os: "linux", architecture, ...(variant !== undefined && { variant }) } });

const empty = describe("application/vnd.oci.empty.v1+json", bytes("{}"));
const image = bytes({ schemaVersion: 2, mediaType: manifestType, config: empty, layers: [] });
const inner = bytes({ schemaVersion: 2, mediaType: indexType, manifests: [describe(manifestType, image, platform("arm64", "v8"))] });
const index = bytes({ schemaVersion: 2, mediaType: indexType, manifests: [describe(manifestType, bytes("amd64"), platform("amd64")), describe(indexType, inner)] });

function refused(work, code, message) {
  assert.throws(work, (error) => {
    assert.deepEqual([error.name, error.code], ["UsageError", code]);
    assert.match(error.message, message);
    return true;
  });
}

test("the name of an image is taken apart", () => {
  assert.deepEqual(verifier.readImageName("alpine"), { repository: "alpine" });
  assert.deepEqual(verifier.readImageName(`localhost:5000/a/b:1.0@${sha256("")}`), { registry: "localhost:5000", repository: "a/b", tag: "1.0", digest: sha256("") });
  refused(() => verifier.readImageName("Not a name"), "invalid-image-name", /^expected a repository of lower-case/u);
  refused(() => verifier.readImageName(7), "invalid-argument", /name of an image/u);
});

test("a document is the one that was asked for", () => {
  const expected = { digest: sha256(image), size: image.length, mediaType: manifestType };
  const read = verifier.readImageDocument(image, expected);
  assert.deepEqual(read, {
    kind: "manifest",
    digest: sha256(image),
    size: image.length,
    mediaType: manifestType,
    artifactType: empty.mediaType,
    annotations: {},
    config: { ...empty },
    layers: [],
    tags: {
      referrers: sha256(image).replace(":", "-"),
      signatures: `${sha256(image).replace(":", "-")}.sig`,
      attestations: `${sha256(image).replace(":", "-")}.att`,
    },
  });
  assert.deepEqual(verifier.readImageDocument(index).manifests.map((listed) => listed.platform), ["linux/amd64", undefined]);
  refused(() => verifier.readImageDocument(image, { size: image.length + 1 }), "image-content-differs", /^expected \d+ bytes, found \d+$/u);
  refused(() => verifier.readImageDocument(image, { digest: sha256(index) }), "image-content-differs", /^expected content with the digest sha256:/u);
  refused(() => verifier.readImageDocument(image, { digest: "sha256:00" }), "invalid-image-digest", /./u);
  refused(() => verifier.readImageDocument(image, { mediaType: indexType }), "malformed-image-document", /media type/u);
  refused(() => verifier.readImageDocument(image, { subject: sha256(index) }), "image-subject-differs", /^expected the subject sha256:[0-9a-f]+, found none$/u);
  refused(() => verifier.readImageDocument(bytes("<!doctype html>")), "malformed-image-document", /^expected JSON/u);
  refused(() => verifier.readImageDocument(image, { digets: sha256(image) }), "malformed-options", /did you mean `digest`/u);
  refused(() => verifier.readImageDocument("{}"), "invalid-argument", /bytes/u);
  const huge = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [describe(manifestType, image)] });
  refused(() => verifier.readImageDocument(bytes(huge.replace(`"size":${image.length}`, '"size":9007199254740993'))), "malformed-image-document", /integer/u);
});

test("a referrer is about the image that it names", () => {
  const referrer = (subject) => bytes({ schemaVersion: 2, mediaType: manifestType, config: empty, layers: [], subject: describe(manifestType, subject) });
  assert.equal(verifier.readImageDocument(referrer(image), { subject: sha256(image) }).subject.digest, sha256(image));
  refused(() => verifier.readImageDocument(referrer(inner), { subject: sha256(image) }), "image-subject-differs", /^expected the subject sha256:[0-9a-f]+, found sha256:/u);
});

test("the image for a platform, through nested indexes", () => {
  assert.deepEqual(verifier.findPlatform("linux/amd64", [index]).image.digest, sha256("amd64"));
  assert.deepEqual(verifier.findPlatform("linux/arm64", [index]), { needed: sha256(inner) });
  const found = verifier.findPlatform("linux/arm64", [index, image, inner]);
  assert.deepEqual([found.image.digest, found.through], [sha256(image), [sha256(inner)]]);
  refused(() => verifier.findPlatform("linux/s390x", [index, inner]), "no-such-platform", /^expected an image for `linux\/s390x`, found images for `linux\/amd64`, `linux\/arm64\/v8`$/u);
  refused(() => verifier.findPlatform("linux", [index]), "invalid-platform", /such as linux\/amd64/u);
  refused(() => verifier.findPlatform("linux/amd64", [image]), "malformed-image-document", /found a manifest/u);
  refused(() => verifier.findPlatform("linux/amd64", []), "malformed-image-document", /found none/u);
});

test("layers with evidence become bundles, and what nobody signed says so", async () => {
  const content = bytes(bundleText);
  const layer = describe("application/vnd.dev.sigstore.bundle.v0.3+json", content);
  const read = verifier.readImageLayer(layer, content);
  assert.equal(read.kind, "bundle");
  assert.equal((await verifier.verify(read.bundle, options)).report.verdict, "passed");
  refused(() => verifier.readImageLayer(layer, bytes("{}")), "image-content-differs", /bytes, found 2$/u);
  refused(() => verifier.readImageLayer(describe("application/gzip", content), content), "malformed-image-document", /a layer that is evidence/u);

  const predicateType = "https://slsa.dev/provenance/v1";
  const statement = (digest) =>
    bytes({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "pkg:docker/app", digest: { sha256: digest.slice(7) } }],
      predicateType,
      predicate: { buildDefinition: { buildType: "https://example.com/type", externalParameters: {} }, runDetails: { builder: { id: "https://example.com/builder" } } },
    });
  const unsigned = (text, type = predicateType) => describe("application/vnd.in-toto+json", text, { annotations: { "in-toto.io/predicate-type": type } });
  const told = statement(sha256(image));
  const { kind, statement: found } = verifier.readImageLayer(unsigned(told), told, sha256(image));
  assert.deepEqual([kind, found.verified, found.predicateType, found.level.build], ["statement", false, predicateType, 1]);
  assert.match(found.level.reason, /nobody signed/u);
  assert.equal(found.provenance.builder, "https://example.com/builder");
  refused(() => verifier.readImageLayer(unsigned(told), told, sha256(index)), "malformed-image-statement", /found one about others$/u);
  refused(() => verifier.readImageLayer(unsigned(told, "https://example.com/other"), told), "malformed-image-statement", /^expected the predicate type/u);
  const nothing = bytes("{}");
  refused(() => verifier.readImageLayer(unsigned(nothing), nothing), "malformed-image-statement", /./u);
});

test("a legacy signature is a bundle that names its image", async () => {
  const payload = bytes({ critical: { identity: { "docker-reference": "example.com/app" }, image: { "docker-manifest-digest": sha256(image) }, type: "cosign container image signature" }, optional: null });
  const layer = describe("application/vnd.dev.cosign.simplesigning.v1+json", payload, { annotations: { "dev.cosignproject.cosign/signature": "AAAA" } });
  const { kind, bundle } = verifier.readImageLayer(layer, payload);
  assert.deepEqual([kind, JSON.parse(bundle).mediaType], ["bundle", "application/vnd.admissible.image-signature.v1+json"]);
  assert.deepEqual(verifier.claimedDigests([bundle]), [{ sha256: sha256(image).slice(7) }]);
  refused(() => verifier.readImageLayer({ ...layer, annotations: {} }, payload), "malformed-source", /dev.cosignproject.cosign\/signature/u);
});

test("indexes are texts that list the artifact", async () => {
  const by = (indexes, sha = sha256(image)) => verifier.inspectSync(bundleText, { artifact: { sha256: sha.slice(7) }, indexes, signer: options.signer });
  assert.equal(by([index, inner]).checks.artifact.failures[0].code, "artifact-no-common-algorithm");
  refused(() => by([index]), "invalid-indexes", /^expected an index that lists sha256:/u);
  refused(() => by([]), "invalid-indexes", /found none$/u);
  refused(() => by([7]), "invalid-indexes", /as text or bytes/u);
  refused(() => by([new Uint8Array([0xff])]), "invalid-indexes", /as text or bytes/u);
  refused(() => by("{}"), "invalid-indexes", /a list/u);
  // A mark at the beginning is part of the text, and of its digest.
  refused(() => by([new Uint8Array([0xef, 0xbb, 0xbf, ...inner])]), "invalid-indexes", /^expected JSON/u);
  const policy = { version: 1, signers: [{ issuer: "https://example.com", identity: "a" }] };
  const asked = { bundles: [bundleText], artifact: sha256(image), policy };
  await assert.rejects(verifier.evaluate({ ...asked, indexes: [index] }), { code: "invalid-indexes" });
  assert.equal((await verifier.evaluate({ ...asked, indexes: [index, inner] })).verdict, "rejected");
});
