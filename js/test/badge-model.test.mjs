// What a badge says of each verdict, and that nothing else than a verified one ever looks like it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { badge, badgeStates } from "../dist/badge/index.js";
import { edited, evaluation, everySubject, judged, minted, noneFound, places, replaced, report, subjects, textsOf, unavailable, withoutMinted } from "./badges.mjs";
import { bundleBytes } from "./demo.mjs";

const passed = report();
const commit = "7d2900eca1c22b3f87c13987c8d4b7c9a29b733a";
const isGood = ({ state }) => state.startsWith("verified");

for (const { state, called, subject } of everySubject) {
  test(`${state}: ${called}`, () => {
    const made = badge(subject, { name: "npm:acme@1.0.0" });
    assert.equal(made.state, state);
    assert.equal(made.name, "npm:acme@1.0.0");
    assert.ok(made.aria.startsWith(`${made.title}: npm:acme@1.0.0. `), made.aria);
    assert.ok(made.doesNotProve.length > 0);
    assert.equal(made.reasons.length > 0, !isGood(made));
    if (!isGood(made)) assert.deepEqual([made.facts, made.custody], [[], []], "nothing is shown as a fact");
    for (const { rows } of made.checks) if (!isGood(made)) assert.deepEqual(rows, []);
  });
}

test("each state has a word and a symbol of its own", () => {
  const marks = badgeStates.map((state) => badge(Object.values(subjects[state])[0]).mark);
  for (const part of ["word", "symbol"]) assert.equal(new Set(marks.map((mark) => mark[part])).size, badgeStates.length);
});

test("a verified report is told in one sentence, and from where each fact is", () => {
  const made = badge(passed);
  assert.equal(made.claim, "Built from github.com/sigstore/sigstore-js at 7d2900e by its workflow release.yml on GitHub Actions");
  assert.deepEqual([made.integrity.state, made.provenance.state], ["verified", "verified"]);
  assert.match(made.integrity.text, /SHA-512 digest 849a897e81bf…/u);
  const facts = Object.fromEntries(made.facts.map(({ key, value, href, certified }) => [key, { value, href, certified }]));
  assert.deepEqual(facts.commit, { value: commit, href: `https://github.com/sigstore/sigstore-js/tree/${commit}`, certified: true });
  assert.deepEqual(facts.workflow, { value: ".github/workflows/release.yml", href: `https://github.com/sigstore/sigstore-js/blob/${commit}/.github/workflows/release.yml`, certified: true });
  assert.equal(facts.log.href, "https://search.sigstore.dev/?logIndex=1697019812");
  assert.equal(facts.run.href, "https://github.com/sigstore/sigstore-js/actions/runs/26781866618/attempts/1");
  assert.equal(facts.signed.value, "2026-06-01 21:02:50 UTC, by the word of the log rekor.sigstore.dev");
  assert.equal(facts.buildType.certified, false);
  assert.deepEqual(made.custody.map(({ key }) => key), ["source", "build", "signature", "certificate", "log", "artifact"]);
  assert.ok(made.doesNotProve.some((sentence) => sentence.includes("Kind of build")), "what is only claimed is told");
  assert.ok(made.doesNotProve.some((sentence) => sentence.startsWith("A build safer than SLSA level 2: the workflow writes")));
  assert.equal(made.checks.length, 15);
});

test("times are the caller's to format, and there may be no links", () => {
  const made = badge(passed, { time: (time) => `<${time.slice(0, 4)}>`, links: false });
  assert.equal(made.facts.find(({ key }) => key === "signed").value, "<2026>, by the word of the log rekor.sigstore.dev");
  assert.deepEqual([...made.facts, ...made.custody].filter(({ href }) => href !== undefined), []);
});

describe("what the caller did without", () => {
  test("any signer is said first", () => {
    const { state, notes } = badge(subjects["verified-with-notes"].anySigner);
    assert.equal(state, "verified-with-notes");
    assert.match(notes[0], /^Any signer was allowed/u);
  });
  test("no artifact is said first, and integrity is another matter than provenance", () => {
    const { notes, integrity, provenance, doesNotProve, custody } = badge(subjects["verified-with-notes"].unbound);
    assert.match(notes[0], /^Any artifact was allowed/u);
    assert.deepEqual([integrity.state, provenance.state], ["absent", "verified"]);
    assert.match(doesNotProve[0], /about a file that you have/u);
    assert.ok(!custody.some(({ key }) => key === "artifact"));
  });
  test("in an evaluation too", () => {
    const anybody = badge(evaluation({ policy: { signers: { dangerouslyAnySigner: true } } }));
    assert.equal(anybody.state, "verified-with-notes");
    assert.match(anybody.notes[0], /^Any signer was allowed/u);
    const also = badge(evaluation({ policy: { signers: { dangerouslyAnySigner: true } }, reference: "registry.example/app:1", bundles: [bundleBytes, "{"] }));
    assert.equal(also.notes.length, 3);
    assert.match(also.notes[0], /^Any signer was allowed/u);
    const loose = badge(evaluation({ policy: { subject: { dangerouslyUnbound: true } }, artifact: { dangerouslyUnbound: true } }));
    assert.equal(loose.state, "verified-with-notes");
    assert.match(loose.notes[0], /^Any artifact was allowed/u);
  });
  for (const [what, change, note] of [
    ["a log's promise", (copy) => (copy.checks.threshold.evidence.promiseOnly = true), /promise was enough/u],
    ["unbound provenance", (copy) => (delete copy.provenance, (copy.checks.provenanceBinding = { status: "absent" })), /not held against its signer/u],
    ["a predicate nobody looked at", (copy) => copy.notes.push({ code: "predicate-opaque", message: "not looked at" }), /^not looked at$/u],
    ["a note of another version", (copy) => copy.notes.push({ code: "new-note", message: "news" }), /^news$/u],
    ["a pull request", (copy) => (copy.provenance.source.ref = "refs/pull/7/merge"), /pull request/u],
    ["a predicate that cannot be read", (copy) => {
      delete copy.provenance;
      copy.checks.provenanceBinding = { status: "absent" };
      copy.predicate = { predicateType: "https://slsa.dev/provenance/v1", kind: "malformed", at: "/predicate", message: "expected an object" };
    }, /nothing of it was read/u],
    ["a statement that something failed", (copy) => (copy.predicate = { predicateType: "a", kind: "test-result", result: "failed" }), /did not pass/u],
  ]) {
    test(`${what} makes it one with notes`, () => {
      const made = badge(edited(passed, change));
      assert.equal(made.state, "verified-with-notes");
      assert.match(made.notes[0], note);
    });
  }
  test("evidence that was passed over is told, and makes it no less", () => {
    const made = badge(edited(passed, (copy) => copy.notes.push({ code: "unknown-log", message: "passed over" })));
    assert.deepEqual([made.state, made.notes], ["verified", ["passed over"]]);
    const beside = badge(evaluation({ bundles: [bundleBytes, "{"] }));
    assert.deepEqual([beside.state, beside.notes], ["verified", ["1 of 2 bundles did not verify, and counted for nothing"]]);
  });
});

describe("facts are of what was verified", () => {
  test("what only the signer says is told as that, without a link", () => {
    const made = badge(edited(passed, (copy) => copy.provenance.facts.forEach((fact) => (fact.status = "claimed"))));
    assert.equal(made.state, "verified");
    assert.deepEqual(made.provenance.state, "claimed");
    assert.match(made.claim, /^Signed by https:\/\/github\.com\/sigstore\/.*, who says that it was built from github\.com\/sigstore\/sigstore-js$/u);
    for (const { key, href, certified } of made.facts) {
      if (["source", "commit", "ref", "run", "builder", "trigger", "workflow"].includes(key)) assert.deepEqual([href, certified], [undefined, false], key);
    }
    for (const { key, href } of made.custody) if (key !== "log") assert.equal(href, undefined, key);
  });
  test("a view that is not what was certified is only claimed", () => {
    const made = badge(edited(passed, (copy) => (copy.provenance.source.repository = "https://github.com/acme/other")));
    assert.equal(made.provenance.state, "claimed");
    assert.deepEqual(made.facts.filter(({ key, href }) => key === "source" && href !== undefined), []);
  });
  test("without provenance, the run that signed is known and not what it built", () => {
    const made = badge(edited(passed, (copy) => (delete copy.provenance, delete copy.predicate, (copy.checks.provenanceBinding = { status: "absent" }))));
    assert.equal(made.claim, "Signed by the workflow release.yml of github.com/sigstore/sigstore-js at 7d2900e on GitHub Actions; how it was built is not attested");
    assert.deepEqual([made.integrity.state, made.provenance.state], ["verified", "absent"]);
    assert.deepEqual(made.custody.map(({ key }) => key), ["signature", "certificate", "log", "artifact"]);
    assert.deepEqual(made.facts.find(({ key }) => key === "statement"), { key: "statement", label: "Statement", value: "https://slsa.dev/provenance/v1", certified: false });
  });
  test("a log that is not the public one has no link", () => {
    const made = badge(edited(passed, (copy) => (copy.checks.logBinding.evidence[0].log = "rekor.sigstore.dev.example")));
    assert.equal(made.facts.find(({ key }) => key === "log").href, undefined);
  });
  test("of an evaluation only bundles by which a requirement is met count", () => {
    const other = edited(passed, (copy) => {
      copy.provenance.source.repository = "https://github.com/acme/other";
      copy.checks.signer.evidence = { dangerouslyAnySigner: true };
    });
    const beside = edited(evaluation(), (copy) => {
      copy.bundles.unshift({ report: other });
      copy.requirements.find(({ at }) => at === "/signers").metBy = [0, 1];
      copy.requirements.find(({ at }) => at === "/require/0").metBy = [1];
    });
    const made = badge(beside);
    assert.equal(made.state, "verified");
    assert.ok(!textsOf(made).some((text) => text.includes("acme/other")));
    const both = badge(edited(beside, (copy) => copy.requirements.find(({ at }) => at === "/require/0").metBy.push(0)));
    assert.equal(both.state, "verified-with-notes");
    assert.ok(both.notes.some((note) => note.includes("several sources") && note.includes("acme/other")));
  });
  test("what failed shows reasons, of each bundle", () => {
    const { integrity, reasons, checks } = badge(subjects.failed.artifact);
    assert.equal(integrity.state, "failed");
    assert.deepEqual(reasons.map(({ code, check }) => [code, check]), [["artifact-not-a-subject", "artifact"]]);
    assert.equal(checks.find(({ id }) => id === "artifact").status, "failed");
    const wrong = badge(evaluation({ artifact: { sha512: "0".repeat(128) } }));
    assert.equal(wrong.integrity.state, "failed");
    assert.ok(wrong.reasons.some(({ code, bundle }) => code === "artifact-not-a-subject" && bundle === 0));
    assert.deepEqual(badge(subjects.failed.evaluation).reasons.map(({ code }) => code), ["requirement-level"]);
    assert.deepEqual(badge(subjects.failed.evaluation).requirements.map(({ met }) => met), [true, true, false]);
  });
  test("who publishes evidence does not bury the verdict", () => {
    const { reasons, notes } = badge(evaluation({ bundles: Array(60).fill("{") }));
    assert.equal(reasons.length, 50);
    assert.match(notes.at(-1), /^\d+ more reasons/u);
  });
});

describe("what a registry says stands beside the verdict", () => {
  const link = ({ custody }) => custody.find(({ key }) => key === "registry");
  test("its signature is a link where it is over the digest that was judged", () => {
    const made = badge(judged());
    assert.match(link(made).text, /signed that the version has this file/u);
    assert.ok(made.doesNotProve.some((sentence) => sentence.includes("the registry named a digest")));
  });
  test("one over another digest makes it one with notes", () => {
    const made = badge(judged({ registrySignature: { verdict: "passed", integrity: `sha512-${Buffer.alloc(64).toString("base64")}`, failures: [] } }));
    assert.equal(made.state, "verified-with-notes");
    assert.match(made.notes[0], /signed another digest/u);
    assert.equal(link(made), undefined);
  });
  test("one that does not hold, or over nothing that can be compared, is no link", () => {
    for (const registrySignature of [{ verdict: "failed", integrity: judged().evidence.registrySignature.integrity, failures: [] }, { verdict: "passed", failures: [] }, undefined]) {
      const made = badge(judged({ registrySignature }));
      assert.deepEqual([made.state, link(made)], ["verified", undefined]);
    }
  });
});

describe("no verdict is no bad verdict, and neither is none found", () => {
  test("what was asked is told without secrets", () => {
    assert.deepEqual(badge(noneFound(undefined)).reasons, [{ code: "none-found", message: "https://registry.npmjs.org/acme/1.0.0 answered 404" }]);
    const [reason] = badge(unavailable()).reasons;
    assert.equal(reason.code, "unavailable-timed-out");
    assert.doesNotMatch(reason.message, /secret/u);
  });
  test("an exception is told with its reason and its end", () => {
    const { reasons, claim } = badge(subjects.excepted.evaluation);
    assert.match(claim, /an exception in the policy lets it pass/u);
    assert.deepEqual(reasons.slice(0, 2).map(({ code }) => code), ["exception", "requirement-level"]);
    assert.equal(reasons[0].message, "An exception in the policy, until 2027-01-01 00:00:00 UTC: built before we had provenance");
    assert.match(badge(evaluation({ demand: { level: 3 }, policy: { legacyBefore: { time: "2027-01-01T00:00:00Z", reason: "old" } } })).reasons[0].message, /before 2027-01-01 00:00:00 UTC: old/u);
  });
  test("a policy that only warns lets pass what it does not verify, and says so", () => {
    assert.equal(subjects.failed.warned.admitted, true);
    assert.match(badge(subjects.failed.warned).claim, /the policy only warns, and lets it pass/u);
  });
});

describe("minted cases", { skip: withoutMinted }, () => {
  test("no bad one is verified in any way, and shows no fact", () => {
    for (const { name, report: failed, evaluation: rejected } of minted("bad")) {
      for (const subject of [failed, rejected]) {
        const { state, facts, custody, reasons, checks } = badge(subject);
        // What each check found, of a report and of an evaluation alike; of one that passed, no evidence.
        assert.ok(checks.some(({ status }) => status === "failed"), name);
        assert.deepEqual(checks.flatMap(({ rows }) => rows), [], name);
        assert.equal(state, "failed", name);
        assert.deepEqual([facts, custody], [[], []], name);
        assert.ok(reasons.length > 0, name);
      }
    }
  });
  test("each good one is verified, and an evaluation as its verdict says", () => {
    for (const { name, report: good, evaluation: of } of minted("good")) {
      const made = badge(good);
      assert.ok(isGood(made), name);
      assert.equal(made.integrity.state, "verified", name);
      assert.equal(isGood(badge(of)), of.verdict === "verified", name);
      for (const text of textsOf([made, badge(of)])) assert.doesNotMatch(text, /undefined|\[object|NaN|null/u, name);
    }
  });
  test("a key that signed certifies nothing", () => {
    const { report: keyed } = minted("good").find(({ name }) => name === "provenance-managed-key");
    const made = badge(keyed);
    assert.match(made.claim, /^Signed by the key [0-9a-f]{12}…, who says that it was built from/u);
    assert.deepEqual(made.facts.filter(({ certified }) => certified).map(({ key }) => key).filter((key) => !["signer", "signed", "log", "digest"].includes(key)), []);
  });
});

describe("what is none of the verifier's is refused", () => {
  test("whatever it is", () => {
    const inherited = Object.create(passed);
    class Report { constructor() { Object.assign(this, passed); } }
    for (const subject of [undefined, null, true, "verified", 7, [], [passed], {}, { verdict: "passed" }, { state: "verified" }, inherited, new Report(), JSON.stringify(passed)]) {
      assert.throws(() => badge(subject), TypeError);
    }
  });
  test("a report that leaves out, adds or contradicts", () => {
    for (const change of [
      (copy) => (copy.mediaType = "application/vnd.admissible.report.v2+json"),
      (copy) => (copy.verdict = "verified"),
      (copy) => (copy.checks.signature = { status: "absent" }),
      (copy) => (copy.checks.signer = { status: "absent" }),
      (copy) => (copy.checks.artifact = { status: "absent" }),
      (copy) => (copy.checks.certificatePath = { status: "absent" }),
      (copy) => (copy.checks.signingTime = { status: "absent" }),
      (copy) => (copy.checks.sct = { status: "failed", failures: [] }),
      (copy) => (copy.checks.sct = { status: "blocked", by: "bundle" }),
      (copy) => (copy.checks.newCheck = { status: "failed", failures: [] }),
      (copy) => (copy.checks.signer.evidence = {}),
      (copy) => (copy.checks.signer.evidence = { dangerouslyAnySigner: "true" }),
      (copy) => (copy.checks.artifact.evidence.dangerouslyUnbound = true),
      (copy) => (copy.checks.artifact.evidence = { dangerouslyUnbound: false }),
      (copy) => (copy.checks.provenanceBinding = { status: "absent" }),
      (copy) => (copy.provenance.facts[0].status = "disagrees"),
    ]) {
      assert.throws(() => badge(edited(passed, change)), TypeError, String(change));
    }
    assert.throws(() => badge(edited(subjects.failed.report, (copy) => (copy.verdict = "passed"))), TypeError);
    assert.throws(() => badge(edited(passed, (copy) => (copy.verdict = "failed"))), TypeError, "a failure has a reason");
    assert.throws(() => badge({ error: Object.assign(new Error(), { name: "VerificationFailed", report: passed }) }), TypeError, "an error is never good news");
  });
  test("an evaluation that contradicts itself", () => {
    const good = evaluation();
    for (const change of [
      (copy) => (copy.verdict = "passed"),
      (copy) => (copy.requirements[1].met = false),
      (copy) => (copy.requirements = []),
      (copy) => (copy.admitted = false),
      (copy) => (copy.exception = { kind: "exception", at: "", reason: "a", expires: "b" }),
      (copy) => (copy.bundles = []),
      (copy) => copy.requirements.forEach((line) => delete line.metBy),
      (copy) => (copy.requirements.at(-1).metBy = [7]),
      (copy) => (copy.bundles[0] = { report: subjects.failed.report }),
    ]) {
      assert.throws(() => badge(edited(good, change)), TypeError, String(change));
    }
    for (const change of [(copy) => (copy.verdict = "verified"), (copy) => (copy.verdict = "excepted"), (copy) => (copy.admitted = true)]) {
      assert.throws(() => badge(edited(subjects.failed.evaluation, change)), TypeError, String(change));
    }
    assert.throws(() => badge(edited(subjects.excepted.evaluation, (copy) => (copy.verdict = "verified"))), TypeError);
    assert.throws(() => badge({ ...noneFound(good) }), TypeError, "none found and verified");
    assert.throws(() => badge({ outcome: "judged", evidence: judged().evidence }), TypeError);
    assert.throws(() => badge({ outcome: "verified", evaluation: good, evidence: judged().evidence }), TypeError);
  });
  test("wherever something else stands: refused, or shown as text, and never more than it was", { timeout: 120_000 }, () => {
    for (const subject of [evaluation(), subjects.failed.report]) {
      const { state } = badge(subject);
      for (const place of places(subject)) {
        for (const found of [undefined, null, 7, "x", {}]) {
          let made;
          try {
            made = badge(replaced(subject, place, found));
          } catch (error) {
            assert.ok(error instanceof TypeError, `${place.join("/")}: ${error.stack}`);
            continue;
          }
          assert.ok(made.state === state || !isGood(made) || state === "verified", `${place.join("/")}: ${made.state}`);
          for (const text of textsOf(made)) assert.doesNotMatch(text, /undefined|\[object|NaN/u, place.join("/"));
        }
      }
    }
  });
  test("each member is read once, so that it cannot be two things", () => {
    for (const { subject } of everySubject.filter(({ called }) => called !== "thrown")) {
      const reads = new Map();
      const watched = (value, path) =>
        typeof value !== "object" || value === null || value instanceof Error
          ? value
          : new Proxy(value, {
              get(target, key) {
                const at = `${path}/${String(key)}`;
                reads.set(at, (reads.get(at) ?? 0) + 1);
                return watched(Reflect.get(target, key), at);
              },
            });
      badge(watched(subject, ""));
      assert.deepEqual([...reads].filter(([at, times]) => times > 1 && !at.endsWith("/length")), []);
    }
  });
  test("a getter that answers otherwise the second time gains nothing", () => {
    let asked = 0;
    const twofold = { ...subjects.failed.report };
    Object.defineProperty(twofold, "verdict", { enumerable: true, get: () => (asked++ === 0 ? "failed" : "passed") });
    assert.equal(badge(twofold).state, "failed");
  });
});
