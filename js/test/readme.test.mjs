// The README's first example and its comparisons are whole programs: they must run as they stand there, from the repository's root.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

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

test("the README's comparisons say what they say they do", () => {
  const example = /^## Comparing\n.*?^```js\n(?<code>.*?)^```$/msu.exec(readme)?.groups?.code;
  assert.ok(example !== undefined);
  const [same, matches, summary] = run(example).split("\n");
  assert.equal(same, "true none []");
  assert.equal(matches, "true");
  assert.match(summary, /^\[ 'SLSA_BUILD_LEVEL_2' \] ".*","PASSED"/u);
});
