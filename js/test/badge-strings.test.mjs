// The sentences of a badge: every one is used, and each language has all of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { badge, english } from "../dist/badge/index.js";
import { german } from "../dist/badge/german.js";
import { edited, evaluation, everySubject, judged, minted, report, textsOf, withoutMinted } from "./badges.mjs";

const leaves = (strings) => Object.entries(strings).flatMap(([group, words]) => Object.keys(words).map((key) => `${group}.${key}`));

/** Strings that tell which they are, with what they were given. */
const marked = Object.fromEntries(
  Object.entries(english).map(([group, words]) => [group, Object.fromEntries(Object.entries(words).map(([key, word]) => [key, typeof word === "function" ? (...given) => `⟦${group}.${key}⟧${textsOf(given).join(" ")}` : `⟦${group}.${key}⟧`]))]),
);

/** Verified bundles of kinds that the demo's is not. */
function others() {
  const passed = report();
  const change = (of, make) => edited(of, make);
  const withoutProvenance = (copy) => (delete copy.provenance, delete copy.predicate, (copy.checks.provenanceBinding = { status: "absent" }));
  return [
    change(passed, withoutProvenance),
    change(passed, (copy) => (withoutProvenance(copy), (copy.checks.certificatePath.evidence.claims = {}))),
    change(passed, (copy) => (delete copy.provenance, (copy.checks.provenanceBinding = { status: "absent" }))),
    change(passed, (copy) => (copy.provenance = { predicateType: "a", facts: [] })),
    change(passed, (copy) => (copy.checks.artifact.evidence = {})),
    change(passed, (copy) => ((copy.checks.artifact.evidence.listed = { algorithm: "sha256", digest: "0".repeat(64) }), (copy.provenance.started = "2026-06-01T21:00:00Z"))),
    change(passed, (copy) => (Object.assign(copy.provenance, { started: "2026-06-01T21:00:00Z", finished: "2026-06-01T21:01:00Z" }), (copy.provenance.source.ref = "refs/pull/7/merge"))),
    change(passed, (copy) => copy.provenance.facts.forEach((fact) => (fact.status = "claimed"))),
    change(passed, (copy) => ((copy.checks.signer.evidence = { publicKey: 0 }), (copy.checks.threshold.evidence.promiseOnly = true))),
    change(passed, (copy) => (copy.predicate = { predicateType: "a", kind: "verification-summary", verificationResult: "failed" })),
    change(passed, (copy) => (copy.predicate = { predicateType: "a", kind: "malformed", at: "/predicate", message: "a" })),
    change(passed, (copy) => {
      copy.checks.timestamp = { status: "passed", evidence: [{ at: "/0", authority: "a", time: "2026-06-01T21:02:50Z" }] };
      copy.checks.signingTime.evidence.push({ at: "/0", source: "signed-timestamp", time: "2026-06-01T21:02:50Z" });
      copy.checks.checkpoint.evidence[0].witnesses.push({ name: "witness", time: "2026-06-01T21:02:50Z" });
    }),
    change(evaluation(), (copy) => {
      const other = edited(copy.bundles[0], ({ report: { provenance } }) => (provenance.source.repository = "https://github.com/acme/other"));
      copy.bundles.push(other);
      copy.requirements.at(-1).metBy.push(1);
    }),
    evaluation({ bundles: [JSON.stringify({}), ...evaluation().bundles.map(() => "{")], policy: {} }),
    evaluation({ bundles: Array(60).fill("{") }),
    edited(evaluation(), (copy) => copy.bundles.push({ report: edited(passed, (of) => ((of.verdict = "failed"), (of.checks.sct = { status: "failed", failures: [{ code: "sct-malformed", message: "a" }] }))) })),
    edited(report({ artifact: { sha512: "0".repeat(128) } }), (copy) => (copy.checks.provenanceBinding = { status: "failed", failures: [{ code: "provenance-malformed", message: "a" }] })),
    evaluation({ demand: { level: 3 }, policy: { legacyBefore: { time: "2027-01-01T00:00:00Z", reason: "old" } } }),
    judged({ registrySignature: { verdict: "passed", integrity: `sha512-${Buffer.alloc(64).toString("base64")}`, failures: [] } }),
    { outcome: "none-found", evidence: { asked: [] } },
  ];
}

test("every sentence is used", () => {
  const used = new Set();
  for (const subject of [...everySubject.map((each) => each.subject), ...others()]) {
    // Headings are in every badge, for whoever shows it, and the elements have words of their own.
    const { headings: _, ...made } = badge(subject, { strings: marked, name: "name" });
    for (const text of textsOf(made)) for (const [, key] of text.matchAll(/⟦([\w.-]+)⟧/gu)) used.add(key);
  }
  const spoken = leaves(english).filter((key) => !/^(?:heading|element)\./u.test(key));
  assert.deepEqual(spoken.filter((key) => !used.has(key)), []);
});

test("German says all of it, and nothing in English", () => {
  assert.deepEqual(leaves(german), leaves(english));
  const same = [];
  for (const [group, words] of Object.entries(english)) {
    for (const [key, word] of Object.entries(words)) {
      assert.equal(typeof german[group][key], typeof word, `${group}.${key}`);
      if (typeof word === "function") assert.equal(german[group][key].length, word.length, `${group}.${key}`);
      else if (german[group][key] === word) same.push(`${group}.${key}`);
    }
  }
  assert.deepEqual(same, ["fact.commit", "fact.workflow", "fact.registry", "row.format", "row.log", "row.name", "link.build", "link.log", "link.registry"], "words that both languages have");
});

test("a badge in German", () => {
  const made = badge(report(), { strings: german, name: "npm:acme@1.0.0" });
  assert.equal(made.language, "de");
  assert.equal(made.aria, "Geprüft: npm:acme@1.0.0. Gebaut aus github.com/sigstore/sigstore-js bei 7d2900e von dessen Workflow release.yml auf GitHub Actions.");
});

test("some words in place of others", () => {
  const made = badge(report(), { strings: { title: { verified: "Checked" } } });
  assert.deepEqual([made.title, made.mark.word], ["Checked", "verified"]);
});

test("no language says of a minted case what is none of its words", { skip: withoutMinted }, () => {
  for (const { name, report: good } of [...minted("good"), ...minted("bad")]) {
    for (const text of textsOf(badge(good, { strings: german }))) assert.doesNotMatch(text, /undefined|\[object|NaN|=>/u, name);
  }
});
