// What the core does with OCI documents, as far as the tests of a registry's client need it.

import { createHash } from "node:crypto";
import { UsageError } from "../dist/index.js";

export const sha256 = (content) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

export const reader = {
  readImageDocument(bytes, { digest, size, mediaType } = {}) {
    const differs = (expected, found) => new UsageError("image-content-differs", `expected ${expected}, found ${found}`);
    if (size !== undefined && bytes.length !== size) throw differs(`${size} bytes`, bytes.length);
    if (digest !== undefined && !/^sha(?:256|512):[0-9a-f]+$/u.test(digest)) throw differs("a digest", digest);
    if (digest !== undefined && digest !== sha256(bytes)) throw differs(`content with the digest ${digest}`, sha256(bytes));
    let document;
    try {
      document = JSON.parse(Buffer.from(bytes).toString());
    } catch (cause) {
      throw new UsageError("malformed-image-document", "expected JSON, found something else", "", { cause });
    }
    if (mediaType !== undefined && document.mediaType !== mediaType) throw differs(mediaType, document.mediaType);
    return { ...document, kind: document.manifests === undefined ? "manifest" : "index", digest: sha256(bytes), size: bytes.length };
  },
};
