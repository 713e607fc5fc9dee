/** The predicate type of an image signature that is a bundle (cosign 3). */
export const imageSignature = "https://sigstore.dev/cosign/sign/v1";

/** The short names that cosign and policy-controller have for predicate types. */
const shortNames: Readonly<Record<string, string>> = {
  custom: "https://cosign.sigstore.dev/attestation/v1",
  slsaprovenance: "https://slsa.dev/provenance/v0.2",
  slsaprovenance02: "https://slsa.dev/provenance/v0.2",
  slsaprovenance1: "https://slsa.dev/provenance/v1",
  spdx: "https://spdx.dev/Document",
  spdxjson: "https://spdx.dev/Document",
  cyclonedx: "https://cyclonedx.org/bom",
  link: "https://in-toto.io/Link/v1",
  vuln: "https://cosign.sigstore.dev/attestation/vuln/v1",
  openvex: "https://openvex.dev/ns",
};

/** A predicate type by its short name or its URI; `undefined` for other texts. */
export function predicateType(name: string): string | undefined {
  if (Object.hasOwn(shortNames, name)) return shortNames[name];
  return /^[a-z][a-z0-9+.-]*:\S+$/u.test(name) ? name : undefined;
}
