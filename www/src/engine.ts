import type { Verifier, VerifierOptions } from "admissible/slim";
import { createVerifier } from "./engine/hosted.js";

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
