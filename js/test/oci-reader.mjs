// What the core does with OCI documents, as far as the tests of a registry's client need it.

import { UsageError } from "../dist/index.js";
import { mediaTypes, sha256 } from "./images.mjs";

const differs = (expected, found) => new UsageError("image-content-differs", `expected ${expected}, found ${found}`);
const evidence = { [mediaTypes.bundle]: "bundle", [mediaTypes.simpleSigning]: "signature", [mediaTypes.envelope]: "attestation", [mediaTypes.statement]: "statement" };
const parse = (bytes) => {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (cause) {
    throw new UsageError("malformed-image-document", "expected JSON, found something else", "", { cause });
  }
};
const check = (bytes, { digest, size }) => {
  if (size !== undefined && bytes.length !== size) throw differs(`${size} bytes`, bytes.length);
  if (digest !== undefined && !/^sha(?:256|512):[0-9a-f]+$/u.test(digest)) throw differs("a digest", digest);
  if (digest !== undefined && digest !== sha256(bytes)) throw differs(`content with the digest ${digest}`, sha256(bytes));
};

export const reader = {
  readImageName(name) {
    const [, registry, repository, tag, digest] = /^(?:([^/]*[.:][^/]*|localhost)\/)?([a-z0-9/._-]+)(?::([\w.-]+))?(?:@(sha256:[0-9a-f]{64}))?$/u.exec(name) ?? [];
    if (repository === undefined) throw new UsageError("invalid-image-name", "expected a name");
    return { ...(registry !== undefined && { registry }), repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
  },
  readImageDocument(bytes, { digest, size, mediaType, subject } = {}) {
    check(bytes, { digest, size });
    const document = parse(bytes);
    if (mediaType !== undefined && document.mediaType !== mediaType) throw differs(mediaType, document.mediaType);
    if (subject !== undefined && document.subject?.digest !== subject) throw new UsageError("image-subject-differs", `expected the subject ${subject}, found ${document.subject?.digest}`);
    const own = sha256(bytes);
    const tag = own.replace(":", "-");
    return {
      ...document,
      kind: document.manifests === undefined ? "manifest" : "index",
      digest: own,
      size: bytes.length,
      annotations: document.annotations ?? {},
      layers: document.layers?.map((layer) => ({ ...layer, ...(evidence[layer.mediaType] !== undefined && { evidence: evidence[layer.mediaType] }) })),
      attestations: document.manifests
        ?.filter(({ annotations }) => annotations?.["vnd.docker.reference.type"] === "attestation-manifest")
        .map((manifest) => ({ manifest, image: manifest.annotations["vnd.docker.reference.digest"] })),
      tags: { referrers: tag, signatures: `${tag}.sig`, attestations: `${tag}.att` },
    };
  },
  findPlatform(platform, [outermost, ...nested]) {
    const search = (bytes, through) => {
      for (const listed of parse(bytes).manifests ?? []) {
        if (listed.mediaType === mediaTypes.index) {
          const next = nested.find((one) => sha256(one) === listed.digest);
          if (next === undefined) return { needed: listed.digest };
          const found = search(next, [...through, listed.digest]);
          if (found !== undefined) return found;
        } else if (Object.values(listed.platform ?? {}).join("/") === platform) return { image: listed, through };
      }
      return undefined;
    };
    const found = search(outermost, []);
    if (found === undefined) throw new UsageError("no-such-platform", `expected an image for ${platform}, found none`);
    return found;
  },
  readImageLayer(layer, bytes) {
    check(bytes, layer);
    if (layer.mediaType === mediaTypes.statement) {
      const { predicateType } = parse(bytes);
      return { kind: "statement", statement: { verified: false, predicateType } };
    }
    return { kind: "bundle", bundle: Buffer.from(bytes).toString() };
  },
};
