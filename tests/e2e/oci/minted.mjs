// The image that the test signer mints, with its evidence, as a registry holds it: each kind under a tag of its own.

import { Contents, mediaTypes } from "../../../js/test/images.mjs";

/** What the file of the test signer becomes: contents to push, and by what they are judged. */
export function minted({ trustedRoot, issuer, identity, blobs, manifests, names, bundles, signatures, attestations }) {
  const contents = new Contents();
  for (const blob of blobs) contents.blob(blob);
  const listed = new Map(manifests.map((text) => {
    const { mediaType } = JSON.parse(text);
    const descriptor = contents.raw(text, mediaType);
    return [descriptor.digest, descriptor];
  }));
  const the = (name) => listed.get(names[name]);
  for (const name of Object.keys(names)) contents.tags.set(name, names[name]);

  contents.fallback(the("index"), [
    contents.referrer(the("index"), JSON.stringify(bundles["another image"])),
    contents.referrer(the("index"), JSON.stringify(bundles["another authority"])),
    contents.referrer(the("index"), JSON.stringify(bundles.index)),
  ]);
  contents.fallback(the("arm64"), [contents.referrer(the("arm64"), JSON.stringify(bundles.arm64))]);
  const layer = ({ content, annotations }, mediaType) => contents.blob(content, mediaType, { annotations });
  const attach = (name, suffix, layers) => contents.image(`${names[name].replace(":", "-")}.${suffix}`, { layers });
  attach("index", "sig", [layer(signatures["another image"], mediaTypes.simpleSigning), layer(signatures.index, mediaTypes.simpleSigning)]);
  attach("index", "att", [layer(attestations["another image"], mediaTypes.envelope), layer(attestations.index, mediaTypes.envelope)]);
  attach("amd64", "sig", [layer(signatures.amd64, mediaTypes.simpleSigning)]);
  const policy = { version: 1, signers: [{ issuer, identity }], evidence: { promiseOnly: true } };
  return { contents, names, trustedRoot, policy };
}
