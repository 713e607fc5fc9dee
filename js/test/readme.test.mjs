// The README's first example is a whole program: it must run as it stands there, from the repository's root.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("the README's example verifies a real bundle", () => {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const readme = readFileSync(`${root}README.md`, "utf8");
  const example = /^```js\n(?<code>.*?)^```$/msu.exec(readme)?.groups?.code;
  assert.ok(example !== undefined);
  assert.ok(readme.slice(0, readme.indexOf(example)).split("\n").length <= 25, "the first screen shows it");
  // Beside the package, so that its name is found as an installed one would be.
  const file = `${root}js/dist/readme-example.mjs`;
  writeFileSync(file, example);
  try {
    const printed = execFileSync(process.execPath, [file], { cwd: root, encoding: "utf8" });
    assert.match(printed, /^verified: this artifact was signed by `https:\/\/github\.com\/sigstore\/sigstore-js\//u);
  } finally {
    rmSync(file);
  }
});
