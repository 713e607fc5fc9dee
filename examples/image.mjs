// node examples/image.mjs ghcr.io/acme/app:1.0 acme/app [platform]
import { createVerifier } from "admissible";
import { verifyImage } from "admissible/oci";
import { github } from "admissible/policy";

const [reference, repository, platform] = process.argv.slice(2);
const { REGISTRY_USER: username, REGISTRY_PASSWORD: password } = process.env;
const found = await verifyImage(await createVerifier(), reference, {
  policy: github({ repository }),
  ...(platform && { platform }),
  ...(username && { credentials: { username, password } }),
});

console.log(found.outcome, found.evaluation?.summary ?? found.error?.message ?? "");
if (found.evidence) console.log(found.evidence.image?.pinned ?? "no such image");
for (const { from, predicateType } of found.evidence?.pieces ?? []) console.log(from, predicateType ?? "");
process.exitCode = found.evaluation?.admitted ? 0 : 1;
