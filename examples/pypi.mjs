// node examples/pypi.mjs dist/app-1.0.tar.gz acme/app release.yml [index]
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { createVerifier } from "admissible";
import { pypi } from "admissible/policy";
import { verifyPypi } from "admissible/pypi";

const [path, repository, workflow, index] = process.argv.slice(2);
const [, project] = /^(.+?)-\d/u.exec(basename(path));
const policy = pypi({ project, repository, workflow });
const found = await verifyPypi(await createVerifier(), basename(path), await readFile(path), { policy, ...(index && { index }) });

console.log(found.outcome, found.evaluation?.summary ?? found.error?.message ?? "");
for (const { publisher } of found.evidence?.pieces ?? []) console.log("published by, as PyPI says:", publisher ?? "nobody that it names");
process.exitCode = found.evaluation?.admitted ? 0 : 1;
