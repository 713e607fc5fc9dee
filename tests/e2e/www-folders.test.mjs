// Folders that are dropped on the verification page, or chosen: what in them is judged, and what is too much. In Chromium and Firefox.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { serve } from "../../www/serve.mjs";
import { browsers } from "./www/browsers.mjs";
import { minting, policyFor } from "./www/minting.mjs";
import { visiting } from "./www/visiting.mjs";
import { drop, dropFolder, press, seen } from "./www/visitor.mjs";

for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
const folder = mkdtempSync(join(tmpdir(), "admissible-folders-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const site = await serve();
after(site.close);

const { bundle, artifact, root, signer } = minting("good", "provenance-github-attestations");
const content = Buffer.from(artifact.base64, "base64").toString();
const policy = policyFor(signer).text;
/** What a release looks like: the file, its evidence in a folder of its own, and what is of no use here. */
const release = { "app.bin": content, "notes.txt": "what is new", "another.bin": "another", evidence: { "index.json": "{}", bundles: { "1.sigstore.json": bundle.text } } };
/** The same with whom to trust. */
const trusting = { ...release, "policy.json": policy, trust: { "root.json": root.text } };

const at = (name, files) => {
  for (const [path, each] of Object.entries(files)) {
    if (typeof each !== "string") at(join(name, path), each);
    else {
      mkdirSync(dirname(join(folder, name, path)), { recursive: true });
      writeFileSync(join(folder, name, path), each);
    }
  }
  return join(folder, name);
};

for (const browser of browsers) {
  describe(browser.name, () => {
    const { visit, look, close } = visiting(browser);
    after(close);
    const onPage = (work) => visit(`${site.origin}/`, work);
    const onHand = (page, name, files) => (page.dropPaths === undefined ? page.evaluate(dropFolder, name, files) : page.dropPaths([at(name, files)]));
    /** The page has no say in whom it trusts: a folder neither. */
    const judged = async (page) => {
      const offered = await page.evaluate(seen);
      assert.deepEqual([offered.state, offered.trust, offered.offers.length], ["failed", "none", 2], offered.text);
      await page.evaluate(press, "It is mine, use it");
      await page.evaluate(seen);
      await page.evaluate(press, "It is mine, use it");
      return page.evaluate(seen);
    };
    const roles = ({ things }) => things.map((thing) => thing.split(" | ").slice(0, 2).join(": "));

    test("of a dropped folder the evidence is taken, and the file that it names", () => onPage(async (page) => {
      await onHand(page, "release", trusting);
      const { state, things, text } = await judged(page);
      assert.equal(state, "verified", text);
      assert.deepEqual(roles({ things }).sort(), [
        "Evidence: release/evidence/bundles/1.sigstore.json", "File: release/app.bin", "Not used: 3 files", "Policy: release/policy.json", "Trusted root: release/trust/root.json",
      ]);
      await look(page, "folder");
    }));

    test("a chosen folder is taken as a dropped one", () => onPage(async (page) => {
      await page.evaluate(seen);
      const path = at("chosen", trusting);
      // Firefox lets no driver choose a folder: it is given what it would find in it.
      await page.choose("#folder", browser.name === "Firefox" ? ["app.bin", "evidence/bundles/1.sigstore.json", "policy.json", "trust/root.json", "notes.txt"].map((name) => join(path, name)) : [path]);
      const { state, things, text } = await judged(page);
      assert.equal(state, "verified", text);
      assert.ok(roles({ things }).some((thing) => /^File: (?:chosen\/)?app\.bin$/u.test(thing)), things.join());
    }));

    test("a folder with another file in the place of the one that was signed is not verified, by its code", () => onPage(async (page) => {
      for (const files of [[root], [{ name: "policy.json", text: policy }]]) {
        await page.evaluate(drop, files);
        await page.evaluate(seen);
      }
      await onHand(page, "swapped", { "app.bin": "swapped", "app.bin.sigstore.json": bundle.text, "notes.txt": "what is new" });
      const { state, codes, text, things } = await page.evaluate(seen);
      assert.deepEqual([state, codes.includes("artifact-not-a-subject") || text.includes("artifact-not-a-subject")], ["failed", true], text);
      assert.ok(roles({ things }).includes("File: swapped/app.bin"), things.join());
    }));

    test("a folder is held against evidence that is there already", () => onPage(async (page) => {
      for (const files of [[root], [{ name: "policy.json", text: policy }], [bundle]]) {
        await page.evaluate(drop, files);
        await page.evaluate(seen);
      }
      await onHand(page, "files", { "another.bin": "another", "app.bin": content });
      const { state, things, text } = await page.evaluate(seen);
      assert.equal(state, "verified", text);
      assert.ok(roles({ things }).includes("File: files/app.bin"), things.join());
    }));

    test("a folder with nothing to be judged says so", () => onPage(async (page) => {
      await onHand(page, "empty-handed", { "a.txt": "one", "b.txt": "another" });
      const { problems, things, state } = await page.evaluate(seen);
      assert.match(problems.join(), /Nothing in this folder can be judged: expected evidence.*found 2 files without/u);
      assert.deepEqual([things, state], [[], undefined]);
      await look(page, "folder-without");
    }));

    test("a folder with too many files, or too much in them, is not read", () => onPage(async (page) => {
      for (const [options, problem] of [
        [{ times: 1001 }, /expected at most 1000 files, found more/u],
        [{ size: 600 * 1024 * 1024 }, /expected at most 1024 MB, found 1200 MB/u],
      ]) {
        await page.evaluate(dropFolder, "much", { "a.txt": "one", below: { "b.txt": "another" } }, options);
        const { problems, things, state } = await page.evaluate(seen);
        assert.match(problems.join(), problem);
        assert.deepEqual([things, state], [[], undefined]);
      }
    }));

    test("of a chosen folder neither", () => onPage(async (page) => {
      await page.evaluate(seen);
      const path = at("many", { "1.sigstore.json": bundle.text, ...Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`${String(index)}.txt`, ""])) });
      await page.choose("#folder", browser.name === "Firefox" ? readdirSync(path).map((name) => join(path, name)) : [path]);
      const { problems, things, state } = await page.evaluate(seen);
      assert.match(problems.join(), /expected at most 1000 files, found more/u);
      assert.deepEqual([things, state], [[], undefined]);
    }));
  });
}
