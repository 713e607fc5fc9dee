// The lists that the TypeScript unions are made of, against the core's own.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { changeCodes, failureCodes, findingCodes, noteCodes, registryCodes, requirementCodes, usageCodes } from "../dist/codes.js";
import { Engine } from "../dist/engine.js";
import { checkKeys } from "../dist/report.js";
import { bundleBytes, options } from "./demo.mjs";

const wasm = readFileSync(new URL("../dist/wasm/core.wasm", import.meta.url));
const engine = new Engine(new WebAssembly.Module(wasm), undefined);
const core = engine.codes();
const kebab = (key) => key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
const codesOf = (check) => core.filter((entry) => entry.check === check).map(({ code }) => code);

test("the checks are the core's, in the order of a report", () => {
  const report = engine.inspect(undefined, bundleBytes, undefined, JSON.stringify(options));
  assert.deepEqual(Object.keys(report.checks), [...checkKeys]);
  assert.deepEqual(Object.keys(failureCodes), [...checkKeys]);
});

for (const key of checkKeys) {
  test(`the codes of ${kebab(key)} are the core's`, () => {
    assert.deepEqual([...failureCodes[key]].sort(), codesOf(kebab(key)).sort());
  });
}

test("the codes of notes are the core's", () => {
  assert.deepEqual([...noteCodes].sort(), codesOf("note").sort());
});

test("the codes of requirements and findings are the core's", () => {
  assert.deepEqual([...requirementCodes].sort(), codesOf("requirement").sort());
  assert.deepEqual([...findingCodes].sort(), codesOf("finding").sort());
});

test("the codes of a registry's signatures are the core's", () => {
  assert.deepEqual([...registryCodes].sort(), codesOf("registry").sort());
});

test("the codes of changes are the core's", () => {
  assert.deepEqual([...changeCodes].sort(), codesOf("comparison").sort());
});

test("the codes of errors of use are the core's and five of this package", () => {
  assert.deepEqual([...usageCodes].sort(), [...codesOf("usage"), "invalid-argument", "artifact-unreadable", "verifier-lost", "worker-lost", "pool-closed"].sort());
});

test("no code is listed twice", () => {
  const messages = [...noteCodes, ...requirementCodes, ...findingCodes, ...registryCodes, ...changeCodes];
  const all = [...Object.values(failureCodes).flat(), ...messages, ...usageCodes];
  assert.equal(new Set(all).size, all.length);
});
