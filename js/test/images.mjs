// Images, and evidence about them signed by a key of this run, as a registry holds them.

import { createHash, generateKeyPairSync, sign } from "node:crypto";

export const sha256 = (content) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

export const mediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  empty: "application/vnd.oci.empty.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  bundle: "application/vnd.dev.sigstore.bundle.v0.3+json",
  statement: "application/vnd.in-toto+json",
  envelope: "application/vnd.dsse.envelope.v1+json",
  simpleSigning: "application/vnd.dev.cosign.simplesigning.v1+json",
  cosignSignature: "application/vnd.dev.cosign.artifact.sig.v1+json",
};

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** Whatever that key signed is enough. */
export const policy = { version: 1, signers: [{ publicKey: publicKey.export({ type: "spki", format: "pem" }) }], evidence: { logEntries: 0 } };

const signature = (content) => sign("sha256", Buffer.from(content), privateKey).toString("base64");

/** A statement about a digest. */
export const statement = (digest, predicateType = "https://example.com/checked/v1") =>
  JSON.stringify({ _type: "https://in-toto.io/Statement/v1", subject: [{ name: "image", digest: { sha256: digest.slice("sha256:".length) } }], predicateType, predicate: {} });

/** That statement in a signed envelope. */
export function envelope(digest, predicateType) {
  const text = statement(digest, predicateType);
  const sig = signature(`DSSEv1 ${mediaTypes.statement.length} ${mediaTypes.statement} ${Buffer.byteLength(text)} ${text}`);
  return { payload: Buffer.from(text).toString("base64"), payloadType: mediaTypes.statement, signatures: [{ sig }] };
}

/** And in a bundle. */
export const bundle = (digest, predicateType) =>
  JSON.stringify({ mediaType: mediaTypes.bundle, verificationMaterial: { publicKey: { hint: "" }, tlogEntries: [] }, dsseEnvelope: envelope(digest, predicateType) });

/** What one repository holds: blobs and documents by their digests, and documents by tags. */
export class Contents {
  blobs = new Map();
  documents = new Map();
  tags = new Map();
  #images = 0;

  blob(content, mediaType, more = {}) {
    const bytes = Buffer.from(content);
    this.blobs.set(sha256(bytes), bytes);
    return { mediaType, digest: sha256(bytes), size: bytes.length, ...more };
  }

  /** A manifest or an index, as it is, and its descriptor. */
  raw(text, mediaType) {
    const bytes = Buffer.from(text);
    this.documents.set(sha256(bytes), { bytes, mediaType });
    return { mediaType, digest: sha256(bytes), size: bytes.length };
  }

  /** A manifest or an index, and its descriptor. */
  document(content, tag) {
    const { mediaType, artifactType, annotations } = content;
    const descriptor = this.raw(JSON.stringify({ schemaVersion: 2, ...content }), mediaType);
    if (tag !== undefined) this.tags.set(tag, descriptor.digest);
    return { ...descriptor, ...(artifactType !== undefined && { artifactType }), ...(annotations !== undefined && { annotations }) };
  }

  /** An image unlike the others. */
  image(tag, more = {}) {
    const config = this.blob(JSON.stringify({ image: (this.#images += 1) }), mediaTypes.config);
    return this.document({ mediaType: mediaTypes.manifest, config, layers: [], ...more }, tag);
  }

  /** An index of such images, by platform; `more` are further members, such as attestation manifests. */
  index(images, tag, more = []) {
    const listed = Object.entries(images).map(([platform, image]) => {
      const [os, architecture, variant] = platform.split("/");
      return { ...image, platform: { os, architecture, ...(variant !== undefined && { variant }) } };
    });
    return this.document({ mediaType: mediaTypes.index, manifests: [...listed, ...more] }, tag);
  }

  /** What BuildKit writes beside an image. */
  buildkit(image, text = statement(image.digest, "https://slsa.dev/provenance/v1")) {
    const { predicateType } = JSON.parse(text);
    const layer = this.blob(text, mediaTypes.statement, { annotations: { "in-toto.io/predicate-type": predicateType } });
    const config = this.blob("{}", mediaTypes.config);
    const manifest = this.document({ mediaType: mediaTypes.manifest, config, layers: [layer] });
    const annotations = { "vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": image.digest };
    return { ...manifest, annotations, platform: { os: "unknown", architecture: "unknown" } };
  }

  /** A referrer that holds a bundle about a digest, as cosign 3 writes it. */
  referrer({ mediaType, digest, size }, text, more = {}) {
    const config = this.blob("{}", mediaTypes.empty);
    const layers = text === undefined ? [] : [this.blob(text, mediaTypes.bundle)];
    const annotations = { "dev.sigstore.bundle.content": "dsse-envelope", "dev.sigstore.bundle.predicateType": "https://example.com/checked/v1" };
    return this.document({ mediaType: mediaTypes.manifest, artifactType: mediaTypes.bundle, config, layers, subject: { mediaType, digest, size }, annotations, ...more });
  }

  /** The list of referrers, under the tag where registries without such lists have it. */
  fallback({ digest }, referrers) {
    return this.document({ mediaType: mediaTypes.index, manifests: referrers }, digest.replace(":", "-"));
  }

  /** Attestations and signatures as cosign 2 hangs them on an image, with no entry in a log. */
  cosign({ digest }) {
    const config = this.blob("{}", mediaTypes.config);
    const attestation = this.blob(JSON.stringify(envelope(digest, "https://example.com/attested/v1")), mediaTypes.envelope, {
      annotations: { "dev.cosignproject.cosign/signature": "", predicateType: "https://example.com/attested/v1" },
    });
    const payload = JSON.stringify({ critical: { identity: { "docker-reference": "registry.example/acme/app" }, image: { "docker-manifest-digest": digest }, type: "cosign container image signature" }, optional: null });
    const signed = () => this.blob(payload, mediaTypes.simpleSigning, { annotations: { "dev.cosignproject.cosign/signature": signature(payload) } });
    this.document({ mediaType: mediaTypes.manifest, config, layers: [attestation] }, `${digest.replace(":", "-")}.att`);
    this.document({ mediaType: mediaTypes.manifest, config, layers: [signed(), signed()] }, `${digest.replace(":", "-")}.sig`);
  }

  /** What a registry on loopback answers for it, for `play`. `lists` are the referrers of digests, where it lists them. */
  routes(repository, lists = {}) {
    const root = `/v2/${repository}`;
    const document = (digest) => {
      const { bytes, mediaType } = this.documents.get(digest);
      return { headers: { "content-type": mediaType, "docker-content-digest": digest }, body: bytes };
    };
    const listing = (manifests) => ({ headers: { "content-type": mediaTypes.index }, body: { schemaVersion: 2, mediaType: mediaTypes.index, manifests } });
    return Object.fromEntries([
      ...[...this.documents.keys()].map((digest) => [`${root}/manifests/${digest}`, document(digest)]),
      ...[...this.tags].map(([tag, digest]) => [`${root}/manifests/${tag}`, document(digest)]),
      ...[...this.blobs].map(([digest, body]) => [`${root}/blobs/${digest}`, { body }]),
      ...Object.entries(lists).map(([digest, manifests]) => [`${root}/referrers/${digest}`, listing(manifests)]),
    ]);
  }
}
