// The clients that are measured, each as a function that makes a verifying function with the memory of what it has seen.

import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { Verifier, toSignedEntity, toTrustMaterial } from "@sigstore/verify";
import { createVerifierSync } from "../../js/dist/entries/node.js";

/** Whoever signed, as the other clients are asked too. */
export const anySigner = { signer: { dangerouslyAnySigner: true }, require: { promiseOnly: true } };
export const unbound = { dangerouslyUnbound: true };

/** Things by trusted root, made when they are first needed. */
export function byRoot(make) {
  const made = new Map();
  return (root) => {
    if (!made.has(root)) made.set(root, make(root));
    return made.get(root);
  };
}

/** What the package takes for a bundle of the corpus. */
export const asked = ({ artifact }) => ({ ...anySigner, artifact: artifact ?? unbound });

function ours() {
  const verifier = byRoot((trustedRoot) => createVerifierSync({ trustedRoot }));
  return (item) => verifier(item.root).verifySync(item.text, asked(item));
}

function awaited() {
  const verifier = byRoot((trustedRoot) => createVerifierSync({ trustedRoot }));
  return (item) => verifier(item.root).verify(item.text, asked(item));
}

function alone() {
  const verifier = byRoot((trustedRoot) => createVerifierSync({ trustedRoot, hostSignatures: false }));
  return (item) => verifier(item.root).verifySync(item.text, asked(item));
}

function sigstoreVerify() {
  const verifier = byRoot((root) => new Verifier(toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(root)))));
  return ({ text, artifact, root }) => verifier(root).verify(toSignedEntity(bundleFromJSON(JSON.parse(text)), artifact));
}

/** Variants by name, the first being what the others are held against. One that returns a promise is waited for. */
export const clients = new Map([
  ["admissible", ours],
  ["admissible, awaited", awaited],
  ["admissible, in WebAssembly alone", alone],
  ["@sigstore/verify", sigstoreVerify],
]);

export const peer = "@sigstore/verify";
