import type { Artifact } from "../artifact.js";
import type { Verifier } from "../verifier.js";
import { readName } from "./distribution.js";
import { Fetcher, type FetchOptions } from "./fetching.js";
import { base, found, here, read, type FoundEvidence, type Reader } from "./found.js";
import { apart, judged, type JudgeOptions, type Outcome } from "./judge.js";

export { SourceUnavailable, type Asked, type FetchOptions, type UnavailableCode } from "./fetching.js";
export type { FoundEvidence, FoundPiece, Reader } from "./found.js";
export type { JudgeOptions, Outcome } from "./judge.js";

/** Options of `pypiEvidence`. */
export interface PypiOptions extends FetchOptions {
  /** The index's URL; PyPI's own unless stated. */
  readonly index?: string;
}

/**
 * Asks an index of PyPI's kind for the attestations of a file ([PEP 740](https://peps.python.org/pep-0740/)).
 *
 * @param file the name of a wheel or a source distribution, as the index has it: project and version stand in it
 * @throws SourceUnavailable when the index could not be asked, UsageError `invalid-argument` for a name that is none
 */
export async function pypiEvidence(reader: Reader, file: string, options: PypiOptions = {}): Promise<FoundEvidence> {
  const { project, version } = readName(file);
  const index = base(options.index ?? "https://pypi.org", "index");
  const fetcher = new Fetcher(options, ["index"]);
  const url = `${index}/integrity/${[project, version, file].map(encodeURIComponent).join("/")}/provenance`;
  const answer = await fetcher.get(url, { accept: "application/vnd.pypi.integrity.v1+json" });
  return found(answer === undefined ? [] : here(read(reader, answer.bytes, url), url), fetcher.asked);
}

/** From a file, by its name and its content, to a verdict. */
export async function verifyPypi(
  verifier: Verifier,
  file: string,
  artifact: Artifact,
  options: PypiOptions & JudgeOptions,
): Promise<Outcome> {
  const { judging, asking } = apart(options);
  const { project, version } = readName(file);
  const find = () => pypiEvidence(verifier, file, asking);
  return judged(verifier, find, () => artifact, `pkg:pypi/${project}@${version}?file_name=${file}`, judging);
}
