// The README's first example, its gate and its comparisons are whole programs: they must run as they stand there, from the repository's root.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { sha512 } from "./demo.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = readFileSync(`${root}README.md`, "utf8");

/** What an example prints. */
function run(example) {
  // Beside the package, so that its name is found as an installed one would be.
  const file = `${root}js/dist/readme-example.mjs`;
  writeFileSync(file, example);
  try {
    return execFileSync(process.execPath, [file], { cwd: root, encoding: "utf8" });
  } finally {
    rmSync(file);
  }
}

test("the README's example verifies a real bundle", () => {
  const example = /^```js\n(?<code>.*?)^```$/msu.exec(readme)?.groups?.code;
  assert.ok(example !== undefined);
  assert.ok(readme.slice(0, readme.indexOf(example)).split("\n").length <= 25, "the first screen shows it");
  assert.match(run(example), /^verified: this artifact was signed by `https:\/\/github\.com\/sigstore\/sigstore-js\//u);
});

test("the README's gate lets real evidence through, and no other file", async () => {
  const example = /^## The gate\n.*?^```js\n(?<code>.*?)^```$/msu.exec(readme)?.groups?.code;
  assert.ok(example !== undefined);
  assert.ok(readFileSync(`${root}docs/gate.md`, "utf8").includes(example), "docs/gate.md shows the same");
  const calls = `
const { default: worker } = await import("./readme-gate.mjs");
const bundle = JSON.parse(readFileSync("js/demo/sigstore-5.0.0.sigstore.json", "utf8"));
const asked = [];
globalThis.fetch = async (request) => {
  asked.push(request.url ?? request);
  return typeof request === "string" ? Response.json({ attestations: [{ bundle }] }) : new Response(request.method === "HEAD" ? null : "another file");
};
const head = await worker.fetch(new Request("https://registry.example/sigstore-5.0.0.tgz", { method: "HEAD" }));
const file = await worker.fetch(new Request("https://registry.example/sigstore-5.0.0.tgz"));
console.log(JSON.stringify([head.status, file.status, (await file.json()).code, new Set(asked).size]));`;
  const module = `${root}js/dist/readme-gate.mjs`;
  writeFileSync(module, example);
  try {
    assert.equal(run(`import { readFileSync } from "node:fs";${calls}`).trim(), '[200,403,"digest-mismatch",2]');
  } finally {
    rmSync(module);
  }
});

test("the README's references: a package with real evidence, and an image", () => {
  const [, section] = /^## From a reference to a verdict\n(.*?)^## /msu.exec(readme);
  const [byName, ofImage] = [...section.matchAll(/^```js\n(.*?)^```$/gmsu)].map(([, code]) => code);
  const answering = (answers) => `
import { readFileSync } from "node:fs";
const bundle = JSON.parse(readFileSync("js/demo/sigstore-5.0.0.sigstore.json", "utf8"));
const dist = { integrity: "sha512-${Buffer.from(sha512, "hex").toString("base64")}", attestations: {} };
const answers = ${answers};
globalThis.fetch = async (url) => (answers[url] === undefined ? new Response(null, { status: 404 }) : Response.json(answers[url]));`;
  const npm = `{ "https://registry.npmjs.org/sigstore/5.0.0": { dist }, "https://registry.npmjs.org/-/npm/v1/attestations/sigstore@5.0.0": { attestations: [{ bundle }] } }`;
  assert.match(run(`${answering(npm)}\n${byName}`), /^verified verified: all 3 requirements are met, by 1 bundle\n$/u);
  assert.equal(run(`${answering("{}")}\n${byName}`), "no evidence, by the word of [ { url: 'https://registry.npmjs.org/sigstore/5.0.0', status: 404 } ]\n");
  const before = `import { createVerifier } from "admissible";\nimport { github } from "admissible/policy";\nconst [verifier, username, password] = [await createVerifier(), "a", "b"];`;
  const after = "console.log(outcome, evidence.asked.map(({ url }) => url));";
  assert.equal(run(`${answering("{}")}\n${before}\n${ofImage}\n${after}`), "none-found [ 'https://ghcr.io/v2/acme/app/manifests/1.0' ]\n");
});

test("the README's badge says what was found", () => {
  const example = /^## Badges\n.*?^```js\n(?<code>.*?)^```$/msu.exec(readme)?.groups?.code;
  assert.ok(example !== undefined);
  assert.match(run(example), /^verified Built from github\.com\/sigstore\/sigstore-js at 7d2900e by its workflow release\.yml on GitHub Actions \[\n/u);
});

test("docs/gate.md lists every code of the gate", () => {
  const types = readFileSync(`${root}js/dist/gate/outcome.d.ts`, "utf8");
  const codes = [.../export type GateCode =(.*?);\n/su.exec(types)[1].matchAll(/^[ |]*"([a-z-]+)"/gmu)].map(([, code]) => code);
  const [, table] = /\n\| code \| status \| when \|\n(.*?)\n\n/su.exec(readFileSync(`${root}docs/gate.md`, "utf8"));
  assert.deepEqual([...table.matchAll(/^\| `([a-z-]+)` \|/gmu)].map(([, code]) => code), codes);
});

test("the README's comparisons say what they say they do", () => {
  const example = /^## Comparing\n.*?^```js\n(?<code>.*?)^```$/msu.exec(readme)?.groups?.code;
  assert.ok(example !== undefined);
  const [same, matches, summary] = run(example).split("\n");
  assert.equal(same, "true none []");
  assert.equal(matches, "true");
  assert.match(summary, /^\[ 'SLSA_BUILD_LEVEL_2' \] ".*","PASSED"/u);
});
