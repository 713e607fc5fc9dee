import { artifactOption, type Artifact } from "../artifact.js";
import { UsageError } from "../errors.js";
import type { Watch } from "../hashing.js";
import type { Verifier } from "../verifier.js";

/** The digest by which an artifact is asked for: the one that it is given as, else its SHA-256. @throws UsageError when it has none, or cannot be read */
export async function digestOf(verifier: Pick<Verifier, "digest">, artifact: Artifact, { signal, onProgress }: Watch = {}): Promise<string> {
  const input = artifactOption(artifact);
  if (input.kind !== "option" && input.kind !== "missing") {
    const { sha256 } = await verifier.digest(artifact, { algorithms: ["sha256"], ...(signal !== undefined && { signal }), ...(onProgress !== undefined && { onProgress }) });
    return `sha256:${String(sha256)}`;
  }
  const given = Object.entries(input.kind === "option" ? (input.value as object) : {});
  const [name, digest] = given.find(([algorithm]) => algorithm === "sha256") ?? given[0] ?? [];
  if (typeof digest !== "string") throw new UsageError("invalid-argument", "expected an artifact or its digest, by which to ask", "/artifact");
  return `${String(name)}:${digest}`;
}
