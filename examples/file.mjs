// node examples/file.mjs app.tgz evidence.json policy.json
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createVerifier } from "admissible";

const [path, evidence, policy] = process.argv.slice(2);
const verifier = await createVerifier();
const { title, pieces } = verifier.readSource(await readFile(evidence));
const bundles = pieces.flatMap(({ bundle }) => bundle ?? []);
const evaluation = await verifier.evaluate({ bundles, artifact: createReadStream(path), policy: await readFile(policy), now: new Date() });

console.log(`${title}: ${evaluation.summary}`);
for (const { url } of pieces) if (url !== undefined) console.log("not judged, for it is elsewhere:", url);
process.exitCode = evaluation.admitted ? 0 : 1;
