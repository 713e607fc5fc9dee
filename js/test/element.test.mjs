// What the elements draw of whatever they are handed: a badge, or nothing yet, and never an error. How they draw it is tried in browsers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { badge, english } from "../dist/badge/index.js";
import { german } from "../dist/badge/german.js";
import { ProvenanceBadge, ProvenanceReport } from "../dist/element/index.js";
import { elementWords, judged } from "../dist/element/judged.js";
import { everySubject, report } from "./badges.mjs";

const passed = report();

for (const { state, called, subject } of everySubject) {
  test(`${state}, ${called}: it is what the badge says`, () => {
    assert.deepEqual(judged(subject, "npm:acme@1.0.0", german), badge(subject, { name: "npm:acme@1.0.0", strings: german }));
  });
}

test("nothing is not a verdict", () => {
  for (const nothing of [undefined, null]) assert.equal(judged(nothing, undefined, undefined), undefined);
});

describe("what cannot be read could not be verified", () => {
  const thrower = () => {
    throw new Error("no");
  };
  const hostile = new Proxy({}, { get: thrower, has: thrower, ownKeys: thrower, getOwnPropertyDescriptor: thrower });
  for (const [what, given] of [
    ["a word", ["verified"]],
    ["a truth", [true]],
    ["an empty object", [{}]],
    ["a badge", [badge(passed)]],
    ["a report in JSON", [JSON.stringify(passed)]],
    ["a verdict alone", [{ verdict: "passed" }]],
    ["a getter that throws", [{ get verdict() { return thrower(); } }]],
    ["a getter that throws what throws", [{ get outcome() { throw hostile; } }]],
    ["an object that throws", [hostile]],
    ["an error that throws", [{ error: hostile }]],
    ["a name that is none", [passed, 7]],
    ["words that throw", [passed, undefined, { claim: { built: thrower } }]],
    ["words that are no text", [passed, undefined, { claim: { built: () => ({ strings: ["<b>"] }) } }]],
    ["words that cannot be text", [passed, undefined, { title: { verified: Symbol("verified") } }]],
    ["words that are markup's", [passed, undefined, { heading: { facts: { toString: () => "a" } } }]],
    ["words that throw what throws", [passed, undefined, { claim: { built: () => { throw hostile; } } }]],
  ]) {
    test(what, () => {
      const made = judged(...given);
      assert.equal(made?.state, "could-not-verify");
      assert.deepEqual([made.facts, made.custody], [[], []]);
    });
  }
});

test("words beside a badge are those of the language, or English", () => {
  assert.deepEqual(elementWords(german), { ...german.element, language: "de" });
  assert.deepEqual(elementWords({ element: { copy: "Take" } }), { ...english.element, copy: "Take", language: "en" });
  for (const wrong of [{ element: { copy: {} } }, { language: { tag: Symbol("de") } }, { get element() { throw new Error("no"); } }]) {
    assert.deepEqual(elementWords(wrong), { ...english.element, language: "en" });
  }
});

test("docs/elements.md lists every custom property", () => {
  const styles = [ProvenanceBadge, ProvenanceReport].flatMap(({ styles: sheets }) => sheets.map(String)).join();
  const docs = readFileSync(new URL("../../docs/elements.md", import.meta.url), "utf8");
  const [, table] = /\n\| custom property \|.*?\n(.*?)\n\n/su.exec(docs);
  const names = (text, pattern) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort();
  assert.deepEqual(names(table, /`(--adm-[\w-]+)`/gu), names(styles, /var\((--adm-[\w-]+)/gu));
});
