import { UsageError } from "../errors.js";

/** Project and version of a file's name: wheels by PEP 427, source distributions by PEP 625. @throws UsageError */
export function readName(file: string): { project: string; version: string } {
  const wheel = /^([a-z0-9][^-/\s]*)-([^-/\s]+)(?:-\d[^-/\s]*)?-[^-/\s]+-[^-/\s]+-[^-/\s]+\.whl$/iu;
  const source = /^([a-z0-9][^/\s]*)-([^-/\s]+)\.(?:tar\.gz|zip|tar\.bz2)$/iu;
  const [, project, version] = wheel.exec(String(file)) ?? source.exec(String(file)) ?? [];
  if (project === undefined || version === undefined) throw new UsageError("invalid-argument", "expected the name of a wheel or a source distribution, such as app-1.0.tar.gz");
  return { project, version };
}
