import { npmKeys } from "admissible/policy";
import type { Artifact, Report, Verifier, VerifyOptions } from "admissible/slim";
import { verifier as usual } from "../engine.js";
import { loadSamples, verifierOf } from "../samples/load.js";
import { recognise } from "../verify/given.js";
import { readReference } from "../verify/reference.js";

/** One version, and what is known of it. */
export interface Side {
  readonly name: string;
  readonly report: Report;
  /** Whether a file, or a digest that its registry names, was held against the evidence. */
  readonly bound: boolean;
}

/** What two versions are compared by: any signer will do, since who signed is what is asked. */
const anySigner = { dangerouslyAnySigner: true } as const;

/** Takes files in: evidence, and the file that it is about, if that is there too. */
export async function sideOfFiles(files: readonly File[], signal: AbortSignal): Promise<Side> {
  const verifier = await usual();
  const given = [];
  for (const file of files) given.push(await recognise(verifier, file.name, file));
  const evidence = given.filter(({ role }) => role === "evidence");
  const bundles = evidence.flatMap((one) => one.bundles);
  const file = given.find(({ role }) => role === "artifact")?.file;
  if (bundles.length === 0) throw new Error(`There is no evidence in ${files.map(({ name }) => name).join(", ")}: drop a bundle, such as a file that ends in .sigstore.json.`);
  const artifact = file === undefined ? undefined : verifier.wantsWhole(bundles) ? file : await verifier.digest(file, { signal });
  return { name: evidence.map(({ name }) => name).join(", "), ...(await best(verifier, bundles, artifact, signal)) };
}

/** Asks npm about a version, or PyPI about a file. */
export async function sideOfRegistry(typed: string, signal: AbortSignal): Promise<Side> {
  const { reference, problem } = readReference(typed);
  const verifier = await usual();
  if (reference?.kind === "pypi") {
    const { pypiEvidence } = await import("admissible/pypi");
    const { bundles } = await pypiEvidence(verifier, reference.file, { signal });
    if (bundles.length === 0) throw new Error(`PyPI has no evidence about ${reference.file}.`);
    return { name: `pypi:${reference.file}`, ...(await best(verifier, bundles, reference.digest, signal)) };
  }
  if (reference?.kind !== "npm") throw new Error(/^(?:npm|pypi):/u.test(typed) && problem !== undefined ? problem : "Type a version of an npm package or a file of PyPI, such as npm:sigstore@5.0.0 or pypi:app-1.0.tar.gz; or choose files.");
  const { npmEvidence } = await import("admissible/npm");
  const { bundles, digest } = await npmEvidence(verifier, reference.name, { signal });
  if (bundles.length === 0) throw new Error(`npm has no evidence about ${reference.name}.`);
  return { name: `npm:${reference.name}`, ...(await best(verifier, bundles, digest, signal)) };
}

/** Takes a sample, by the test signer's root. */
export async function sideOfSample(id: string, signal: AbortSignal): Promise<Side> {
  const all = await loadSamples();
  const sample = all.samples.find((one) => one.id === id);
  if (sample === undefined) throw new Error("There is no such sample.");
  const { signers } = sample.policy;
  // A key is in no certificate: it has to be known.
  const keys = Array.isArray(signers) ? signers.filter((signer): signer is { publicKey: string } => "publicKey" in signer) : [];
  const signer = keys.length > 0 ? keys : anySigner;
  const verifier = await verifierOf(all, sample.root);
  return { name: `Sample: ${sample.title}`, ...(await best(verifier, sample.bundles, new TextEncoder().encode(sample.artifact), signal, signer)) };
}

/** The bundle that tells most: one that verifies with provenance, one that verifies, and else the reason why none does. */
async function best(verifier: Verifier, bundles: readonly string[], artifact: Artifact | undefined, signal: AbortSignal, signer: VerifyOptions["signer"] = anySigner): Promise<Pick<Side, "report" | "bound">> {
  const about = artifact ?? ({ dangerouslyUnbound: true } as const);
  const reports: Report[] = [];
  for (const bundle of bundles) {
    const inspect = (by: VerifyOptions["signer"]): Promise<Report> => verifier.inspect(bundle, { artifact: about, signer: by, now: new Date(), signal });
    const report = await inspect(signer);
    reports.push(report.verdict === "failed" && isByKey(report) && signer === anySigner ? await inspect(npmKeys) : report);
  }
  const passed = reports.filter(({ verdict }) => verdict === "passed");
  const report = passed.find(({ provenance }) => provenance !== undefined) ?? passed[0] ?? reports.find((one) => !isByKey(one)) ?? reports[0];
  if (report === undefined) throw new Error("There is no evidence.");
  return { report, bound: artifact !== undefined };
}

function isByKey({ checks: { bundle } }: Report): boolean {
  return bundle.status === "passed" && bundle.evidence.keyMaterial === "public-key";
}
