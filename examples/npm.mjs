// node examples/npm.mjs sigstore@5.0.0 sigstore/sigstore-js [registry]
import { createVerifier } from "admissible";
import { verifyNpm } from "admissible/npm";
import { npm } from "admissible/policy";

const [reference, repository, registry] = process.argv.slice(2);
const policy = npm({ package: reference.replace(/@[^@]*$/u, ""), repository });
const found = await verifyNpm(await createVerifier(), reference, { policy, ...(registry && { registry }) });

console.log(found.outcome, found.evaluation?.summary ?? found.error?.message ?? "");
if (found.evidence) console.log("npm signed which tarball it has:", found.evidence.registrySignature?.verdict ?? "no such version");
for (const { from, predicateType } of found.evidence?.pieces ?? []) console.log(from, predicateType ?? "");
process.exitCode = found.evaluation?.admitted ? 0 : 1;
