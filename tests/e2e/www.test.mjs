// The verification page, as it is built over the packed package: served with its headers, in Chromium and Firefox, with registries that the tests play.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { build } from "esbuild";
import { bundleText, sha512 } from "../../js/test/demo.mjs";
import { serve } from "../../www/serve.mjs";
import { browsers } from "./www/browsers.mjs";
import { minting, policyFor } from "./www/minting.mjs";
import { until, verified, visiting } from "./www/visiting.mjs";
import { drop, lookUp, paste, press, seen, write } from "./www/visitor.mjs";

for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
const folder = mkdtempSync(join(tmpdir(), "admissible-page-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const site = await serve();
after(site.close);

const integrity = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;
const digest = `sha512:${sha512}`;
const signer = "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main";
const npm = {
  "https://registry.npmjs.org/sigstore/5.0.0": { name: "sigstore", version: "5.0.0", dist: { integrity, attestations: {} } },
  "https://registry.npmjs.org/-/npm/v1/attestations/sigstore@5.0.0": { attestations: [{ predicateType: "https://slsa.dev/provenance/v1", bundle: JSON.parse(bundleText) }] },
  "https://registry.npmjs.org/plain/1.0.0": { name: "plain", version: "1.0.0", dist: { integrity } },
};
/** Plays registries: of what is not in the list there is nothing. */
const plays = (answers) => (url) => (answers[url] === undefined ? { status: 404, body: "{}" } : answers[url] === "gone" ? "gone" : { body: JSON.stringify(answers[url]) });

test("signers are told apart by who vouches for them too", async () => {
  const source = fileURLToPath(new URL("../../www/src/verify/signed.ts", import.meta.url));
  const { outputFiles: [{ text }] } = await build({ entryPoints: [source], format: "esm", bundle: true, write: false });
  const { signersOf } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  const one = (value, issuer, byNpm = false) => ({ byNpm, report: { certificate: { identity: { type: "email", value }, issuer } } });
  const signed = [one("a@x", "https://one"), { byNpm: true, report: {} }, one("a@x", "https://one"), one("a@x", "https://other"), one("b@x", "https://one")];
  assert.deepEqual(signersOf(signed), [signed[0], signed[3], signed[4], signed[1]]);
});

for (const browser of browsers) {
  describe(browser.name, () => {
    const { visit: visited, look, close } = visiting(browser);
    after(close);
    const visit = (work, { url = `${site.origin}/`, answers = {}, foreign = [] } = {}) => visited(url, work, { answer: plays(answers), foreign });

    test("a bundle alone is a question, and after the answer a verdict about no file", async () => {
      await visit(async (page) => {
        await look(page, "home");
        await page.evaluate(drop, [{ name: "sigstore-5.0.0.sigstore.json", text: bundleText }]);
        const asked = await page.evaluate(seen);
        assert.deepEqual([asked.state, asked.title, asked.trust], [undefined, "Is this the signer you expect?", "none"]);
        assert.match(asked.text, /No file was compared yet/u);
        assert.ok(asked.text.includes(signer));
        assert.deepEqual(asked.things, ["Evidence | sigstore-5.0.0.sigstore.json | a Sigstore bundle"]);
        await look(page, "who");
        await page.evaluate(press, "Yes, I expect this signer");
        const named = await page.evaluate(seen);
        assert.deepEqual([named.state, named.title, named.trust], [undefined, "Almost: no file was compared", "npm"]);
        await look(page, "almost");
        await page.evaluate(lookUp, digest);
        const judged = await page.evaluate(seen);
        assert.deepEqual([judged.state, judged.title], ["verified", "Verified"]);
        await look(page, "verified");
      });
    });

    test("what is pasted is taken for what it is", async () => {
      await visit(async (page) => {
        await page.evaluate(paste, bundleText);
        assert.equal((await page.evaluate(seen)).title, "Is this the signer you expect?");
        await page.evaluate(press, "Start over");
        await page.evaluate(paste, JSON.stringify({ verdict: "passed", checks: {} }));
        const report = await page.evaluate(seen);
        assert.deepEqual(report.things, ["Not used | pasted text | a report"]);
        assert.match(report.notes.join(), /anybody can write one/u);
        assert.equal(report.state, undefined);
        await page.evaluate(press, "Start over");
        await page.evaluate(paste, "-----BEGIN PRIVATE KEY-----\nMIG=\n-----END PRIVATE KEY-----");
        assert.deepEqual((await page.evaluate(seen)).things, ["Not used | pasted text | a private key"]);
        await page.evaluate(press, "Start over");
        await page.evaluate(paste, JSON.stringify({ version: 1, requests: [] }));
        assert.deepEqual((await page.evaluate(seen)).things, ["Not used | pasted text | the index of saved evidence"]);
      });
    });

    test("evidence, file, policy and root are told apart, whatever they are called", async () => {
      const { bundle, artifact, root, signer: expected } = minting("good", "provenance-github-attestations");
      const files = [artifact, bundle, root, policyFor(expected)].map((file, index) => ({ ...file, name: `${String(index)}.bin` }));
      await visit(async (page) => {
        await page.evaluate(drop, files);
        const offered = await page.evaluate(seen);
        assert.deepEqual(offered.offers.map((offer) => /Among the files is (.*?),/u.exec(offer)?.[1]), ["a trusted root", "a policy"]);
        // Whoever made the evidence may have made these too: neither counts yet.
        assert.deepEqual([offered.state, offered.codes.length > 0, offered.trust], ["failed", true, "none"]);
        await look(page, "offered");
        await page.evaluate(press, "It is mine, use it");
        await page.evaluate(seen);
        await page.evaluate(press, "It is mine, use it");
        const judged = await page.evaluate(seen);
        assert.equal(judged.state, "verified", judged.text);
        assert.match(judged.text, /By the trusted root that you gave/u);
        assert.deepEqual(judged.things.map((thing) => thing.split(" | ")[0]), ["File", "Evidence", "Trusted root", "Policy"]);
        assert.equal(judged.trust, "document");
      });
    });

    test("a key, and a person, are expected as workflows are", async () => {
      const managed = minting("good", "provenance-managed-key");
      const { publicKey } = managed.signer;
      await visit(async (page) => {
        await page.evaluate(drop, [managed.root]);
        await page.evaluate(seen);
        await page.evaluate(drop, [managed.bundle, managed.artifact]);
        const asked = await page.evaluate(seen);
        assert.deepEqual([asked.state, asked.title], [undefined, "Signed by a key that nobody named"]);
        await page.evaluate(paste, publicKey);
        const judged = await page.evaluate(seen);
        assert.deepEqual([judged.state, judged.trust], ["verified", "key"], judged.text);
      });
      const person = minting("good", "san-email");
      await visit(async (page) => {
        await page.evaluate(drop, [person.root]);
        await page.evaluate(seen);
        await page.evaluate(drop, [person.bundle, person.artifact]);
        assert.equal((await page.evaluate(seen)).title, "Is this the signer you expect?");
        await page.evaluate(press, "Yes, I expect this signer");
        const judged = await page.evaluate(seen);
        assert.deepEqual([judged.state, judged.trust], ["verified", "keyless"], judged.text);
        await page.evaluate(write, "#trust-identity", "somebody@else.example");
        assert.equal((await page.evaluate(seen)).state, "failed");
      });
    });

    test("a file alone leads to who may know it", async () => {
      for (const [name, asks, typed] of [
        ["sigstore-5.0.0.tgz", ["Ask npm…", "Ask GitHub…"], "npm:sigstore@5.0.0"],
        ["app-1.0-py3-none-any.whl", ["Ask PyPI…", "Ask GitHub…"], "pypi:app-1.0-py3-none-any.whl"],
      ]) {
        await visit(async (page) => {
          await page.evaluate(drop, [{ name, text: "content" }]);
          const { title, state } = await page.evaluate(seen);
          assert.deepEqual([title, state], ["Now its evidence", undefined]);
          assert.deepEqual(await page.evaluate(`[...document.querySelectorAll(".card .tools button")].map((button) => button.textContent)`), asks);
          await page.evaluate(press, asks[0]);
          assert.equal(await page.evaluate(`document.querySelector("#reference").value`), typed);
          if (name.endsWith(".tgz")) await look(page, "file");
        });
      }
    });

    test("of several files the one is judged that the evidence names", async () => {
      const { bundle, artifact, root, signer: expected } = minting("good", "provenance-github-attestations");
      await visit(async (page) => {
        for (const files of [[root], [policyFor(expected)], [artifact, bundle, { name: "another", text: "another" }]]) {
          await page.evaluate(drop, files);
          await page.evaluate(seen);
        }
        const judged = await page.evaluate(seen);
        assert.equal(judged.state, "verified", judged.text);
        assert.deepEqual(judged.things.map((thing) => thing.split(" | ")[0]), ["Trusted root", "Policy", "File", "Evidence", "Another file, not judged"]);
      });
    });

    test("another file than the one that was signed is not verified, by its code", async () => {
      const { bundle, root, signer: expected } = minting("good", "provenance-github-attestations");
      await visit(async (page) => {
        for (const files of [[root], [policyFor(expected)], [bundle, { name: "artifact", text: "another" }]]) {
          await page.evaluate(drop, files);
          await page.evaluate(seen);
        }
        const judged = await page.evaluate(seen);
        assert.equal(judged.state, "failed");
        assert.ok(judged.codes.includes("artifact-not-a-subject") || /artifact-not-a-subject/u.test(judged.text), judged.text);
        await look(page, "failed");
      });
    });

    test("evidence that does not hold is refused before anybody is asked about its signer", async () => {
      for (const name of ["signature-zero", "checkpoint-unsigned", "leaf-expired-at-signing", "provenance-of-another-commit"]) {
        const { bundle, artifact, root, report } = minting("bad", name);
        const [code] = Object.values(report.checks).flatMap(({ failures = [] }) => failures.map((failure) => failure.code));
        await visit(async (page) => {
          await page.evaluate(drop, [root]);
          await page.evaluate(seen);
          await page.evaluate(drop, [bundle, artifact]);
          const judged = await page.evaluate(seen);
          assert.equal(judged.state, "failed", name);
          assert.ok(judged.codes.includes(code), `${name}: ${code} in ${judged.codes.join()}`);
        });
      }
    });

    test("what is called evidence and cannot be read fails, and is not taken for the file", async () => {
      await visit(async (page) => {
        await page.evaluate(drop, [{ name: "app.sigstore.json", text: bundleText.slice(0, 500) }]);
        const judged = await page.evaluate(seen);
        assert.deepEqual([judged.state, judged.things.map((thing) => thing.split(" | ")[0])], ["failed", ["Evidence"]]);
      });
    });

    test("a package is looked up when the visitor says so, and at no other time", async () => {
      const asked = Object.keys(npm).slice(0, 2);
      await visit(async (page) => {
        await page.evaluate(lookUp, "npm:sigstore");
        assert.match((await page.evaluate(seen)).problems.join(), /Which version/u);
        assert.deepEqual(page.foreign, []);
        await page.evaluate(lookUp, "npm:sigstore@5.0.0");
        const who = await page.evaluate(seen);
        assert.deepEqual([who.state, who.title], [undefined, "Is this the signer you expect?"]);
        assert.doesNotMatch(who.text, /No file was compared/u);
        await page.evaluate(press, "Yes, I expect this signer");
        const judged = await page.evaluate(seen);
        assert.equal(judged.state, "verified", judged.text);
        await page.evaluate(write, "#trust-repository", "sigstore/another");
        const other = await page.evaluate(seen);
        assert.equal(other.state, "failed");
        await page.evaluate(write, "#trust-repository", "no repository");
        const wrong = await page.evaluate(seen);
        assert.match(wrong.problems.join(), /owner\/repository/u);
        // The last verdict stands, but greyed, and says that it is the last.
        assert.match(wrong.text, /The policy is not complete/u);
        assert.equal(await page.evaluate(`document.querySelector(".verdict").classList.contains("stale")`), true);
        await look(page, "stale");
      }, { answers: npm, foreign: asked });
    });

    test("genuine evidence of another version is not of the one that was looked up", async () => {
      // All that a mirror has to do is to answer with an older version.
      const mirrored = Object.fromEntries(Object.entries(npm).map(([url, answer]) => [url.replace("5.0.0", "6.0.0"), answer]));
      await visit(async (page) => {
        await page.evaluate(lookUp, "npm:sigstore@6.0.0");
        await page.evaluate(seen);
        await page.evaluate(press, "Yes, I expect this signer");
        const judged = await page.evaluate(seen);
        assert.deepEqual([judged.state, judged.codes.includes("subject-reference-differs")], ["failed", true], judged.text);
      }, { answers: mirrored, foreign: Object.keys(mirrored).slice(0, 2) });
    });

    test("GitHub and PyPI are asked about a digest, and what was found outlives a look at another view", async () => {
      const bundle = JSON.parse(bundleText);
      const listed = `https://api.github.com/repos/sigstore/sigstore-js/attestations/${digest}?per_page=100`;
      const provenance = "https://pypi.org/integrity/sigstore/5.0.0/sigstore-5.0.0.tar.gz/provenance";
      const attestation = {
        version: 1,
        envelope: { statement: bundle.dsseEnvelope.payload, signature: bundle.dsseEnvelope.signatures[0].sig },
        verification_material: { certificate: bundle.verificationMaterial.certificate.rawBytes, transparency_entries: bundle.verificationMaterial.tlogEntries },
      };
      await visit(async (page) => {
        await page.evaluate(lookUp, "github:sigstore/sigstore-js");
        assert.match((await page.evaluate(seen)).problems.join(), /type its digest behind the repository/u);
        for (const typed of [`github:sigstore/sigstore-js ${digest}`, `pypi:sigstore-5.0.0.tar.gz ${digest}`]) {
          await page.evaluate(lookUp, typed);
          const who = await page.evaluate(seen);
          assert.deepEqual([who.state, who.title, who.things.length], [undefined, "Is this the signer you expect?", 2], typed);
        }
        await page.evaluate(press, "Yes, I expect this signer");
        assert.equal((await page.evaluate(seen)).state, "verified");
        await page.evaluate(`location.hash = "#/nowhere"; new Promise((resolve) => setTimeout(resolve, 200))`);
        assert.equal((await page.evaluate(seen)).state, "verified");
      }, { answers: { [listed]: { attestations: [{ repository_id: 1, bundle }] }, [provenance]: attestation }, foreign: [listed, provenance] });
    });

    test("none found and nobody there are two things", async () => {
      await visit(async (page) => {
        await page.evaluate(lookUp, "plain@1.0.0");
        const none = await page.evaluate(seen);
        assert.equal(none.state, "none-found", none.text);
        await look(page, "none-found");
        await page.evaluate(lookUp, "ghcr.io/acme/app:1.0");
        const gone = await page.evaluate(seen);
        assert.equal(gone.state, "could-not-verify", gone.text);
        assert.match(gone.text, /did not let this page read its answer/u);
        assert.match(gone.text, /npx admissible download image ghcr\.io\/acme\/app:1\.0/u);
        await look(page, "gone");
      }, {
        answers: { ...npm, "https://ghcr.io/v2/acme/app/manifests/1.0": "gone" },
        foreign: ["https://registry.npmjs.org/plain/1.0.0", ...Array(3).fill("https://ghcr.io/v2/acme/app/manifests/1.0")],
      });
    });

    test("a link asks nobody and names no signer by itself", async () => {
      const url = `${site.origin}/#/?ref=npm%3Asigstore%405.0.0&trust=npm&package=sigstore&repository=sigstore%2Fsigstore-js`;
      await visit(async (page) => {
        const offered = await page.evaluate(seen);
        assert.equal(offered.offers.length, 2);
        assert.deepEqual([offered.state, offered.trust, page.foreign.length], [undefined, "none", 0]);
        await look(page, "link");
        await page.evaluate(press, "Ask registry.npmjs.org");
        const who = await page.evaluate(seen);
        assert.deepEqual([who.state, who.title], [undefined, "Is this the signer you expect?"]);
        await page.evaluate(press, "I trust that too");
        assert.equal((await page.evaluate(seen)).state, "verified");
      }, { url, answers: npm, foreign: Object.keys(npm).slice(0, 2) });
    });

    test("evidence travels in a link, behind the #", async () => {
      let link;
      await visit(async (page) => {
        await page.evaluate(`Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => void (globalThis.copied = text) } })`);
        await verified(page);
        await page.evaluate(press, "Copy link");
        for (let rounds = 0; rounds < 100 && link === undefined; rounds += 1) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          link = (await page.evaluate("globalThis.copied ?? null")) ?? undefined;
        }
      });
      assert.ok(link.length < 32_000, String(link.length));
      assert.equal(new URL(link).search, "");
      await visit(async (page) => {
        const who = await page.evaluate(seen);
        assert.deepEqual([who.state, who.title, who.offers.length], [undefined, "Is this the signer you expect?", 1]);
        await page.evaluate(press, "I trust that too");
        assert.equal((await page.evaluate(seen)).state, "verified");
      }, { url: link });
      await visit(async (page) => {
        assert.match((await page.evaluate(seen)).problems.join(), /This link cannot be read/u);
      }, { url: link.replace(/bundles=.{40}/u, "bundles=") });
    });

    test("whom a link trusts is shown to its end", async () => {
      const link = (spaces) => {
        const policy = `{"version":1,"signers":${" ".repeat(spaces)}{"dangerouslyAnySigner":true}}`;
        return `${site.origin}/#/?trust=document&policy=${deflateRawSync(policy).toString("base64url")}`;
      };
      await visit(async (page) => {
        assert.match((await page.evaluate(seen)).offers.join(), /"dangerouslyAnySigner":true\}\}/u);
      }, { url: link(9000) });
      await visit(async (page) => {
        const { offers, problems } = await page.evaluate(seen);
        assert.deepEqual(offers, []);
        assert.match(problems.join(), /This link cannot be read: it holds more/u);
      }, { url: link(1_000_000) });
    });

    test("of several signers each is expected by a button of its own", async () => {
      const [one, other] = ["san-email", "provenance-github-attestations"].map((name) => minting("good", name));
      await visit(async (page) => {
        await page.evaluate(drop, [{ name: "roots.jsonl", text: [one, other].map(({ root }) => JSON.stringify(JSON.parse(root.text))).join("\n") }]);
        await page.evaluate(seen);
        await page.evaluate(drop, [one, other].map(({ bundle }, index) => ({ ...bundle, name: `${String(index)}.sigstore.json` })));
        assert.equal((await page.evaluate(seen)).title, "Is this the signer you expect?");
        const buttons = await page.evaluate(() => [...document.querySelectorAll(".verdict button.primary")].map((button) => button.closest(".signer")?.querySelector(".who").textContent));
        assert.equal(buttons.length, 2);
        assert.match(buttons[0], new RegExp(one.signer.identity, "u"));
        assert.match(buttons[1], /acme\/widget/u);
        await look(page, "signers");
      });
    });

    test("what a link calls evidence is never a policy, a key, a root or a file", async () => {
      const { bundle, artifact, root, signer } = minting("good", "leaf-p256-dsse-rekor1");
      const linked = (...pieces) => deflateRawSync(JSON.stringify(pieces)).toString("base64url");
      const of = `sha256:${createHash("sha256").update(Buffer.from(artifact.base64, "base64")).digest("hex")}`;
      const policy = policyFor(signer);
      for (const pieces of [[root.text, policy.text, bundle.text], [policy.text, bundleText], ["-----BEGIN PUBLIC KEY-----\nMA==\n-----END PUBLIC KEY-----\n"], ["any file"]]) {
        await visit(async (page) => {
          const judged = await page.evaluate(seen);
          assert.deepEqual(judged.things.filter((thing) => !thing.startsWith("Evidence | ")), ["File | ".concat(`${of.slice(0, 19)}… | a file, by its digest`)]);
          assert.deepEqual([judged.trust, judged.state === "verified"], ["none", false], judged.text);
        }, { url: `${site.origin}/#/?bundles=${linked(...pieces)}&digest=${of}` });
      }
      await visit(async (page) => {
        assert.match((await page.evaluate(seen)).problems.join(), /This link cannot be read: it holds more/u);
      }, { url: `${site.origin}/#/?bundles=${linked(...Array(100_000).fill(""))}` });
    });

    test("a question that is ended leaves no verdict about what was there before", async () => {
      await visit(async (page) => {
        await verified(page);
        await page.evaluate(() => {
          globalThis.fetch = (_url, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
        });
        await page.evaluate(lookUp, "npm:plain@1.0.0");
        await page.evaluate(until, ".things:empty");
        await page.evaluate(press, "Cancel");
        const left = await page.evaluate(seen);
        assert.deepEqual([left.state, left.title, left.things], [undefined, "No evidence yet", []]);
      });
    });

    test("a file of any size is hashed in pieces, and that can be ended", async () => {
      const path = join(folder, `large-${browser.name}.bin`);
      writeFileSync(path, Buffer.alloc(100_000_000));
      await visit(async (page) => {
        await page.evaluate(seen);
        // Whatever the browser does while the test waits is seen too. The first time it is ended in the middle.
        await page.evaluate(() => {
          globalThis.steps = new Set();
          globalThis.ended = false;
          new MutationObserver(() => {
            const { value } = document.querySelector(".busy progress") ?? { value: 0 };
            if (value > 0) globalThis.steps.add(value);
            if (globalThis.ended || !(value > 0 && value < 0.9)) return;
            globalThis.ended = true;
            document.querySelector(".busy button").click();
          }).observe(document.querySelector("main"), { attributes: true, subtree: true });
        });
        await page.choose("#files", [path]);
        assert.deepEqual((await page.evaluate(seen)).things, []);
        assert.equal(await page.evaluate("globalThis.ended"), true);
        await page.choose("#files", [path]);
        assert.match((await page.evaluate(seen)).things.join(), /^File \| large/u);
        assert.ok((await page.evaluate("globalThis.steps.size")) > 10);
        assert.match(await page.evaluate(`document.querySelector(".thing .digest").textContent`), /^sha256:[0-9a-f]{64}$/u);
      });
      rmSync(path);
    });

    test("a policy is written with completion, and its errors are told where they are", async () => {
      await visit(async (page) => {
        await page.evaluate(drop, [{ name: "b.sigstore.json", text: bundleText }]);
        await page.evaluate(seen);
        await page.evaluate(drop, [policyFor({ isuer: "x" })]);
        const wrong = await page.evaluate(seen);
        assert.match(wrong.problems.join(), /did you mean.*issuer|\/signers\/0/iu);
        await page.evaluate(async () => {
          for (let rounds = 0; rounds < 200; rounds += 1) {
            await new Promise((resolve) => setTimeout(resolve, 50));
            if (document.querySelector(".editor")?.shadowRoot?.querySelector(".cm-lintRange-error") != null) return;
          }
          throw new Error("nothing is marked in the editor");
        });
        await look(page, "policy");
      });
    });

    test("a saved badge tells that another root was trusted", async () => {
      const { bundle, artifact, root, signer: expected } = minting("good", "provenance-github-attestations");
      const saved = async (page) => {
        await page.evaluate(() => {
          const { createObjectURL } = URL;
          URL.createObjectURL = (blob) => {
            void blob.text().then((text) => (globalThis.picture = text));
            return createObjectURL(blob);
          };
        });
        await page.evaluate(press, "Save badge");
        return page.evaluate(async () => {
          for (let rounds = 0; rounds < 200 && globalThis.picture === undefined; rounds += 1) await new Promise((resolve) => setTimeout(resolve, 25));
          return globalThis.picture;
        });
      };
      await visit(async (page) => {
        for (const files of [[root], [policyFor(expected)], [bundle, artifact]]) {
          await page.evaluate(drop, files);
          await page.evaluate(seen);
        }
        const picture = await saved(page);
        assert.match(picture, /<desc>[^<]*Judged by another trusted root than Sigstore’s own/u);
        assert.match(picture, /<title>Verified, with notes[^<]*artifact/u);
      });
      await visit(async (page) => {
        await verified(page);
        const picture = await saved(page);
        assert.match(picture, /<title>Verified[^,]/u);
        assert.doesNotMatch(picture, /another trusted root/u);
      });
    });
  });
}
