import type { Verifier, VerifierOptions } from "admissible/slim";
import type { Pool } from "admissible/pool";
import { createPool, createVerifier } from "./engine/hosted.js";

let usual: Promise<Verifier> | undefined;

/** The verifier that trusts the Sigstore public-good instance. The module is loaded once; a load that failed is tried again by the next call. */
export function verifier(): Promise<Verifier> {
  usual ??= createVerifier({}).catch((error: unknown) => {
    usual = undefined;
    throw error;
  });
  return usual;
}

/** A verifier that trusts another root and no other. */
export function verifierBy(trustedRoot: NonNullable<VerifierOptions["trustedRoot"]>): Promise<Verifier> {
  return createVerifier({ trustedRoot });
}

/** Workers that judge by other roots than the usual one; `undefined` where the page may have none. */
export function poolBy(trustedRoot: NonNullable<VerifierOptions["trustedRoot"]>, signal: AbortSignal): Promise<Pool | undefined> {
  // One processor is left to the page, which has to be drawn.
  return createPool({ trustedRoot, signal, workers: Math.max(1, navigator.hardwareConcurrency - 1) }).catch(() => {
    signal.throwIfAborted();
    return undefined;
  });
}
