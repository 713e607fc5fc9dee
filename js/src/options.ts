import { artifactOption, type Artifact, type ArtifactInput } from "./artifact.js";
import { UsageError } from "./errors.js";
import { readWatch, type Digests, type Watch } from "./hashing.js";
import { indexTexts } from "./image.js";
import { isPlain, plainJson, pointerToken } from "./json.js";
import type { LevelRow } from "./policy/document.js";

/** What a verification is asked. Unknown keys are refused. */
export interface VerifyOptions extends Watch {
  /** The artifact that the bundle must be about. */
  readonly artifact: Artifact;
  /** Image indexes, the first of which lists the next, and the last of which lists the artifact: then evidence about the first is about it too. */
  readonly indexes?: readonly (string | Uint8Array | ArrayBuffer)[];
  /** Who must have signed: one signer, or a list of which any will do. */
  readonly signer: Signer | readonly (SignerRule | PublicKeySigner)[];
  /** How much evidence is enough. */
  readonly require?: Requirements;
  /** Rows that go before the built-in table of SLSA build levels; the first that fits decides. */
  readonly levels?: readonly LevelRow[];
  /**
   * Lets provenance disagree with the certificate. It is then not looked at, and the report tells nothing of it: what is left is
   * what other Sigstore clients check.
   */
  readonly dangerouslyUnboundProvenance?: true;
  /** The present, as RFC 3339 or a `Date`. Without it no claim is compared with the present. */
  readonly now?: string | Date;
}

/** Who is trusted to have signed. */
export type Signer = SignerRule | PublicKeySigner | { readonly dangerouslyAnySigner: true };

/** A signer with a certificate: every part that is named must match. */
export interface SignerRule {
  /** The OIDC issuer that vouched for the identity; or the certificate names none. */
  readonly issuer: Pattern | NoIssuer;
  /** The certificate's subject: a workflow's URI or an e-mail address. */
  readonly identity: Pattern;
  /** Claims of the certificate that must be present and equal. */
  readonly claims?: Readonly<Partial<Record<ClaimName, string>>>;
}

/** A certificate that names no issuer, such as those by which GitHub attests releases. */
export interface NoIssuer {
  readonly none: true;
}

/** A signer with a key that the caller holds. */
export interface PublicKeySigner {
  /** The key as PEM (SPKI or PKCS#1). */
  readonly publicKey: string;
  /** When the key may sign, both ends included, as RFC 3339. */
  readonly validFor?: { readonly start?: string; readonly end?: string };
}

/** A string that must be equal, or a pattern by name, anchored at both ends. */
export type Pattern = string | { readonly glob: string } | { readonly regex: string };

/** The claims that Fulcio certifies about the build, by their names in a report. */
export type ClaimName =
  | "buildSignerURI"
  | "buildSignerDigest"
  | "runnerEnvironment"
  | "sourceRepositoryURI"
  | "sourceRepositoryDigest"
  | "sourceRepositoryRef"
  | "sourceRepositoryIdentifier"
  | "sourceRepositoryOwnerURI"
  | "sourceRepositoryOwnerIdentifier"
  | "buildConfigURI"
  | "buildConfigDigest"
  | "buildTrigger"
  | "runInvocationURI"
  | "sourceRepositoryVisibilityAtSigning"
  | "deploymentEnvironment"
  | "tokenSubject";

/** How much evidence is enough. A zero lowers a guarantee and so must be written. */
export interface Requirements {
  /** Independent transparency logs that include the entry; 1 unless stated. */
  readonly logEntries?: number;
  /** Certificate transparency logs that saw the certificate; 1 unless stated. */
  readonly scts?: number;
  /** Timestamps by distinct authorities; 0 unless stated. */
  readonly signedTimestamps?: number;
  /** Accepts an entry with the log's signed promise but no inclusion proof; `false` unless stated. */
  readonly promiseOnly?: boolean;
  /** Witnesses that must have cosigned the log's tree head. */
  readonly witnesses?: {
    /** Their keys, as C2SP verifier keys (`name+hash+base64`). */
    readonly keys: readonly string[];
    /** How many of them must have cosigned. */
    readonly threshold: number;
  };
}

/** Options as they cross into WebAssembly: JSON text, and the artifact when it is not part of that text. */
export interface EncodedOptions {
  readonly artifact: ArtifactInput;
  readonly watch: Watch;
  /** The JSON text, with the artifact's digests once they are known. */
  text(digests?: Digests): string;
}

/**
 * Reads options once, into plain JSON. `undefined`, and everything else that JSON would drop or change in
 * silence, is refused below the first level: a rule that loses a condition on the way trusts more signers.
 *
 * @throws UsageError naming the place.
 */
export function encodeOptions(options: unknown): EncodedOptions {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new UsageError("invalid-argument", "the second argument is an object with `artifact` and `signer`");
  }
  const json: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  let artifact: ArtifactInput = { kind: "missing" };
  const watch = readWatch(options);
  try {
    if (!isPlain(options)) throw new UsageError("malformed-options", "the options are a plain object, of no class");
    for (const key of Object.keys(options)) {
      const value = (options as Record<string, unknown>)[key];
      if (value === undefined || key === "signal" || key === "onProgress") continue;
      if (key === "artifact") artifact = artifactOption(value);
      else if (key === "indexes") json[key] = indexTexts(value);
      else if (key === "now" && value instanceof Date) json[key] = isoTime(value, "/now");
      else json[key] = plainJson(value, `/${pointerToken(key)}`);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError("malformed-options", "the options could not be read", "", { cause: error });
  }
  if (artifact.kind === "option") json["artifact"] = artifact.value;
  return {
    artifact,
    watch,
    text: (digests) => JSON.stringify(digests === undefined ? json : { ...json, artifact: digests }),
  };
}

/** A date as RFC 3339. */
export function isoTime(date: Date, at: string): string {
  if (Number.isNaN(date.getTime())) throw new UsageError("invalid-time", "the date is invalid", at);
  return date.toISOString();
}
