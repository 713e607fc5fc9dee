import { unavailableText, withoutSecrets } from "../offline/address.js";
import type { RegistryVerdict } from "../registry.js";
import type { FoundEvidence } from "../sources/found.js";
import type { NpmEvidence } from "../sources/npm.js";
import type { ImageEvidence } from "../sources/oci.js";

/** Evidence of any kind; that about an image or an npm package says more. */
export type Shown = FoundEvidence & Partial<Pick<ImageEvidence, "image" | "skipped" | "unsigned">> & Partial<Pick<NpmEvidence, "registrySignature">>;

/** What is told of the evidence beside the verdict, and is no part of it: names and values, which are untrusted text. */
export function evidenceRows({ image, skipped = [], unsigned = [], registrySignature }: Shown): [string, string][] {
  return [
    ...(image === undefined ? [] : [["image", `${image.pinned}${image.platform === undefined ? "" : ` for ${image.platform}`}`] satisfies [string, string]]),
    ...(registrySignature === undefined ? [] : [["npm", signatureText(registrySignature)] satisfies [string, string]]),
    ...skipped.map((error): [string, string] => ["skipped", unavailableText(error)]),
    ...unsigned.map(({ statement }): [string, string] => ["unsigned", `${statement.predicateType}: nobody signed it, and it counts for nothing`]),
  ];
}

/** Beside the verdict: what npm signs is which tarball a version has, and not who built it. */
function signatureText({ verdict, integrity = "", failures: [failure] }: RegistryVerdict): string {
  if (verdict === "passed") return `npm's own key signed which tarball this version has (${integrity}); who built it, that does not tell`;
  return `not signed by npm's own key, which decides nothing here (${String(failure?.code)}): ${String(failure?.message)}`;
}

/** The same for programs. */
export function evidenceJson({ image, skipped, unsigned, registrySignature }: Partial<Shown> = {}): object {
  return {
    ...(image !== undefined && { image }),
    ...(registrySignature !== undefined && { registrySignature }),
    ...(skipped !== undefined && { skipped: skipped.map((error) => ({ code: error.code, message: unavailableText(error), url: withoutSecrets(error.url) })) }),
    ...(unsigned !== undefined && { unsigned: unsigned.map(({ statement: { predicateType }, about, from }) => ({ predicateType, about, from: withoutSecrets(from) })) }),
  };
}
