// node examples/github.mjs app.tgz acme/app [api]
import { createReadStream } from "node:fs";
import { createVerifier } from "admissible";
import { verifyGithub } from "admissible/github";
import { github } from "admissible/policy";

const [path, repository, api] = process.argv.slice(2);
const policy = github({ repository });
const found = await verifyGithub(await createVerifier(), repository, createReadStream(path), { policy, ...(api && { api }) });

console.log(found.outcome, found.evaluation?.summary ?? found.error?.message ?? "");
for (const { url, status } of found.evidence?.asked ?? []) console.log(status, url);
process.exitCode = found.evaluation?.admitted ? 0 : 1;
