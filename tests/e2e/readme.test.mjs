// The README's matrix of versions is that of the tools that these suites install. Browsers come from the system, in whatever version it has.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const { packages } = JSON.parse(read("package-lock.json"));
const readme = read("../../README.md");

/** The version that the lock file pins. workerd is called by the day that it is of. */
const pinned = (name) => packages[`node_modules/${name}`].version.replace(/^1\.(\d{4})(\d\d)(\d\d)\.\d+$/u, "$1-$2-$3");

for (const [name, tools] of [
  ["Node.js", ["node20", "node22", "node24"]],
  ["Deno", ["deno"]],
  ["Bun", ["bun"]],
  ["workerd (Cloudflare Workers)", ["workerd"]],
  ["Vercel's edge runtime", ["edge-runtime"]],
  ["Vite", ["vite"]],
  ["webpack", ["webpack"]],
  ["Next.js", ["next"]],
  ["esbuild", ["esbuild"]],
  ["Rollup", ["rollup"]],
]) {
  test(`the README names the version of ${name} that is tried`, () => {
    const row = readme.split("\n").find((line) => line.startsWith(`| ${name} |`));
    assert.equal(row?.split("|")[2].trim(), tools.map(pinned).join(", "));
  });
}

test("the README names the browsers that are tried", () => {
  for (const name of ["Chromium", "Firefox ESR", "WebKitGTK"]) assert.match(readme, new RegExp(`^\\| ${name} \\| \\d`, "mu"));
});
