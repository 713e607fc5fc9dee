import { artifactOption, type Artifact, type ArtifactInput } from "./artifact.js";
import { bundleBytes, type Bundle } from "./bundle.js";
import { copied, isBytes } from "./bytes.js";
import { UsageError } from "./errors.js";
import { readWatch, type Watch } from "./hashing.js";
import { indexTexts } from "./image.js";
import { isPlain, plainJson } from "./json.js";
import { isoTime, type EncodedOptions } from "./options.js";
import type { Policy } from "./policy/document.js";

/** What an evaluation is asked. Unknown keys are refused. */
export interface EvaluationRequest extends Watch {
  /** The bundles that are judged together; the order does not matter. */
  readonly bundles: readonly Bundle[];
  /** The artifact that they must be about. */
  readonly artifact: Artifact;
  /** Image indexes, the first of which lists the next, and the last of which lists the artifact: then evidence about the first is about it too. */
  readonly indexes?: readonly (string | Uint8Array | ArrayBuffer)[];
  /** The policy: a document, its JSON text, or its bytes. */
  readonly policy: Policy | string | Uint8Array | ArrayBuffer;
  /** The present, as RFC 3339 or a `Date`; needed by policies with ages or exceptions. */
  readonly now?: string | Date;
  /** What was asked of a registry, such as `ghcr.io/acme/app:1.0`: the caller's own word, for exceptions and unpinned tags. */
  readonly reference?: string;
  /** When the artifact was published, by the caller's own knowledge, as RFC 3339 or a `Date`. */
  readonly published?: string | Date;
}

/** A request as it crosses into WebAssembly. */
export interface EncodedRequest {
  readonly bundles: readonly Uint8Array[];
  readonly policy: Uint8Array;
  readonly options: EncodedOptions;
}

const keys: readonly string[] = ["bundles", "artifact", "indexes", "policy", "now", "reference", "published", "signal", "onProgress"];

/**
 * Reads a request once, into bytes and plain JSON, so that nobody changes it while an artifact is read.
 *
 * @throws UsageError naming the place.
 */
export function encodeRequest(request: unknown): EncodedRequest {
  if (typeof request !== "object" || request === null || !isPlain(request)) {
    throw new UsageError("invalid-argument", "an evaluation takes an object with `bundles`, `artifact` and `policy`");
  }
  const given = request as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new UsageError("invalid-argument", `an evaluation takes no \`${unknown}\``);
  const { bundles, policy } = given;
  if (!Array.isArray(bundles)) throw new UsageError("invalid-argument", "`bundles` is a list, which may be empty", "/bundles");
  const artifact: ArtifactInput = given["artifact"] === undefined ? { kind: "missing" } : artifactOption(given["artifact"]);
  const json: Record<string, unknown> = artifact.kind === "option" ? { artifact: artifact.value } : {};
  for (const key of ["now", "published"] as const) {
    const value = given[key];
    if (value !== undefined) json[key] = value instanceof Date ? isoTime(value, `/${key}`) : plainJson(value, `/${key}`);
  }
  if (given["indexes"] !== undefined) json["indexes"] = indexTexts(given["indexes"]);
  if (given["reference"] !== undefined) json["reference"] = plainJson(given["reference"], "/reference");
  return {
    bundles: bundles.map(bundleBytes),
    policy: policyBytes(policy),
    options: {
      artifact,
      watch: readWatch(given),
      text: (digests) => JSON.stringify(digests === undefined ? json : { ...json, artifact: digests }),
    },
  };
}

/**
 * A policy as bytes.
 *
 * @throws UsageError for what is no policy at all, or what JSON would drop or change in silence: a policy that loses a condition on
 * the way admits more.
 */
export function policyBytes(policy: unknown): Uint8Array {
  if (isBytes(policy)) return copied(policy);
  if (typeof policy === "string") return new TextEncoder().encode(policy);
  if (typeof policy !== "object" || policy === null || !isPlain(policy)) {
    throw new UsageError("malformed-policy", "a policy is a plain object, its JSON text, or its bytes");
  }
  return new TextEncoder().encode(JSON.stringify(plainJson(policy, "", "malformed-policy")));
}
