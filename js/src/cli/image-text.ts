import { withoutSecrets } from "../offline/address.js";
import type { FoundEvidence } from "../sources/found.js";
import type { ImageEvidence } from "../sources/oci.js";
import { unavailableText } from "./registries.js";

/** Evidence of any kind; that about an image says more. */
export type Shown = FoundEvidence & Partial<Pick<ImageEvidence, "image" | "skipped" | "unsigned">>;

/** Which image it is, what was there and is no evidence, and what nobody signed: names and values, which are untrusted text. */
export function imageRows({ image, skipped = [], unsigned = [] }: Shown): [string, string][] {
  return [
    ...(image === undefined ? [] : [["image", `${image.pinned}${image.platform === undefined ? "" : ` for ${image.platform}`}`] satisfies [string, string]]),
    ...skipped.map((error): [string, string] => ["skipped", unavailableText(error)]),
    ...unsigned.map(({ statement }): [string, string] => ["unsigned", `${statement.predicateType}: nobody signed it, and it counts for nothing`]),
  ];
}

/** The same for programs. */
export function imageJson({ image, skipped, unsigned }: Partial<Shown> = {}): object {
  return {
    ...(image !== undefined && { image }),
    ...(skipped !== undefined && { skipped: skipped.map((error) => ({ code: error.code, message: unavailableText(error), url: withoutSecrets(error.url) })) }),
    ...(unsigned !== undefined && { unsigned: unsigned.map(({ statement: { predicateType }, about, from }) => ({ predicateType, about, from: withoutSecrets(from) })) }),
  };
}
