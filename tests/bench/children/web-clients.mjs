// The clients that run without Node.js, each as a function that makes a verifying function of one trusted root, which has seen nothing. A function for each, so that
// a worker holds the code of its own alone.

import { SigstoreVerifier } from "@freedomofpress/sigstore-browser";

const anybody = { verify() {} };
const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
const options = ({ artifact }) => ({ artifact: artifact ?? { dangerouslyUnbound: true }, signer: { dangerouslyAnySigner: true }, require: { promiseOnly: true } });

export async function ours(root, createVerifier) {
  const verifier = await createVerifier({ trustedRoot: root });
  return (item) => verifier.verifySync(item.text, options(item));
}

export async function awaited(root, createVerifier) {
  const verifier = await createVerifier({ trustedRoot: root });
  return (item) => verifier.verify(item.text, options(item));
}

export async function sigstoreBrowser(root) {
  const verifier = new SigstoreVerifier();
  // Without a root it refuses whatever it is asked.
  await verifier.loadSigstoreRoot(JSON.parse(root)).catch(() => undefined);
  return (item) => {
    const bundle = JSON.parse(item.text);
    return item.artifact === undefined ? verifier.verifyDsse(bundle, anybody) : verifier.verifyArtifactPolicy(anybody, bundle, item.artifact);
  };
}

/** The items, with bytes where JSON had to have text. */
export const read = (items) => items.map((item) => ({ ...item, artifact: item.artifact && bytes(item.artifact) }));

/** Such a client for the roots of all items. */
export async function ofAll(items, make, createVerifier) {
  const made = new Map();
  for (const root of new Set(items.map((item) => item.root))) made.set(root, await make(root, createVerifier));
  return (item) => made.get(item.root)(item);
}
