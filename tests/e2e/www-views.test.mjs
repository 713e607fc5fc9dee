// The views of the verification page beside the one that verifies, as they are built: in Chromium and Firefox.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { after, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundleText, sha512 } from "../../js/test/demo.mjs";
import { createVerifier } from "../../js/dist/entries/node.js";
import { checkKeys } from "../../js/dist/report.js";
import { serve } from "../../www/serve.mjs";
import { browsers } from "./www/browsers.mjs";
import { until, visiting } from "./www/visiting.mjs";
import { press, seen } from "./www/visitor.mjs";

const list = fileURLToPath(new URL("../../www/dist/samples/samples.json", import.meta.url));
if (!existsSync(list)) throw new Error("www/dist holds no samples: run cargo xtask www");
const { roots, samples } = JSON.parse(readFileSync(list, "utf8"));

for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
const site = await serve();
after(site.close);

test("each check has a sample in which it alone fails, for the reason that is told", async () => {
  assert.deepEqual(new Set(samples.map(({ check }) => check)), new Set([undefined, ...checkKeys]));
  const verifiers = await Promise.all(roots.map((trustedRoot) => createVerifier({ trustedRoot })));
  for (const { id, check, code, root, bundles, artifact, policy } of samples.filter((sample) => sample.check !== undefined)) {
    const { checks } = await verifiers[root].inspect(bundles[0], { artifact: new TextEncoder().encode(artifact), signer: policy.signers });
    const failed = Object.entries(checks).flatMap(([key, { status, failures }]) => (status === "failed" ? [[key, failures.map((failure) => failure.code)]] : []));
    assert.deepEqual(failed, [[check, [code]]], id);
  }
});

for (const browser of browsers) {
  describe(browser.name, () => {
    const { visit, look, close } = visiting(browser);
    after(close);

    test("what was altered in a sample, and what must come of it, is told before it is opened", async () => {
      assert.deepEqual(new Set(samples.map(({ state }) => state)), new Set(["verified", "verified-with-notes", "excepted", "failed", "none-found"]));
      await visit(`${site.origin}/#/samples`, async (page) => {
        await page.evaluate(until, "[data-sample]");
        const cards = await page.evaluate(shownSamples);
        assert.deepEqual(Object.keys(cards).sort(), samples.map(({ id }) => id).sort());
        for (const { id, altered, code } of samples) assert.ok(cards[id].includes(altered) && cards[id].includes(code ?? ""), id);
        assert.match(await page.evaluate(`document.querySelector(".made-up").textContent`), /^Made up\..*test signer/u);
        await page.evaluate(until, "provenance-badge");
        assert.equal(await page.evaluate(judgedHere), "badge none-found");
        await look(page, "samples");
      });
    });

    // In some visits, each of which has its limit.
    const opened = samples.filter(({ bundles }) => bundles.length > 0);
    for (let first = 0; first < opened.length; first += 9) {
      const some = opened.slice(first, first + 9);
      test(`samples give what they must: ${some.map(({ id }) => id).join(", ")}`, async () => {
        await visit(`${site.origin}/#/samples`, async (page) => {
          for (const { id, state, code } of some) {
            await page.evaluate(`location.hash = "#/samples"`);
            await page.evaluate(until, `[data-sample="${id}"]`);
            await page.evaluate(`document.querySelector('[data-sample="${id}"] button').click()`);
            const judged = await page.evaluate(seen);
            assert.ok(judged.things.some((thing) => thing.includes(`made-up-${id}.sigstore.json`)), judged.things.join());
            assert.equal(judged.state, state, `${id}: ${judged.text}`);
            if (code !== undefined) assert.ok(judged.codes.includes(code), `${id}: ${code} in ${judged.codes.join()}`);
            // Whatever is shown of it, it says that it is made up.
            assert.match(judged.text, /made-up-sample-of-the-test-signer/u, id);
          }
        });
      });
    }

    test("the registry judges a hundred packages, and shows those that one asks for", async (context) => {
      await visit(`${site.origin}/#/registry`, async (page) => {
        await page.evaluate(until, ".packages[aria-busy=false]");
        const counted = await page.evaluate(counts);
        assert.equal(counted.states.length, 100);
        assert.deepEqual(new Set(counted.states), new Set(["verified", "verified-with-notes", "excepted", "could-not-verify", "failed", "none-found"]));
        // Every badge says what its evidence is worth, in the words of the verdict.
        assert.deepEqual(counted.drawn, counted.states);
        for (const [state, count] of Object.entries(counted.filters)) {
          assert.equal(count, state === "all" ? 100 : counted.states.filter((one) => one === state).length, state);
        }
        assert.match(counted.told, /^100 packages judged in \d+ ms by [1-9]\d* workers?, /u);
        assert.deepEqual(counted.unlike, []);
        context.diagnostic(counted.told);
        await look(page, "registry");
        await page.evaluate(press, "No verdict");
        const left = await page.evaluate(counts);
        assert.deepEqual(new Set(left.visible), new Set(["could-not-verify"]));
        assert.equal(left.hash, "#/registry?state=could-not-verify");
        assert.equal(await page.evaluate(walked, ["ArrowDown", "ArrowDown", "End", "Home", "ArrowUp"]), `1 2 ${String(left.visible.length - 1)} 0 0`);
        await look(page, "registry-filtered");
      });
    });

    test("while the registry judges, the page scrolls on", async (context) => {
      await visit(`${site.origin}/#/`, async (page) => {
        await page.evaluate(seen);
        await page.evaluate("performance.getEntriesByName('verifier-ready').length > 0 || new Promise((resolve) => setTimeout(resolve, 1000))");
        const { gaps, long, told, scrolled } = await page.evaluate(scrolling);
        context.diagnostic(`${told}; ${String(gaps.length)} frames, the longest ${String(gaps.at(-1))} ms, 9 of 10 within ${String(gaps[Math.floor(gaps.length * 0.9)])} ms; long tasks ${String(long)}`);
        assert.match(told, / by \d+ workers?, /u);
        assert.ok(scrolled > 0 && gaps.length > 10, String(gaps.length));
        assert.ok(gaps.at(-1) < longestGap, `${String(gaps.at(-1))} ms without a frame`);
      });
    });

    test("without workers the registry judges as well", async () => {
      await visit(`${site.origin}/#/`, async (page) => {
        await page.evaluate("delete globalThis.Worker");
        await page.evaluate(`location.hash = "#/registry"`);
        await page.evaluate(until, ".packages[aria-busy=false]");
        const { told, unlike } = await page.evaluate(counts);
        assert.match(told, /^100 packages judged in \d+ ms, /u);
        assert.deepEqual(unlike, []);
      });
    });

    test("the registry opens at the state that a link names", async () => {
      await visit(`${site.origin}/#/registry?state=failed`, async (page) => {
        await page.evaluate(until, ".packages[aria-busy=false]");
        const { visible, pressed } = await page.evaluate(counts);
        assert.deepEqual([new Set(visible), pressed], [new Set(["failed"]), "failed"]);
        assert.ok(visible.length > 5, visible.join());
      });
    });

    test("what is proven is told by evidence that was just verified, and its policy can be tried", async () => {
      await visit(`${site.origin}/#/proven`, async (page) => {
        await page.evaluate(until, ".glossary");
        const { pictures, checks } = await page.evaluate(explained);
        assert.deepEqual(checks.map(({ id }) => id), checkKeys.map((key) => key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)));
        assert.equal(new Set(checks.map(({ attack }) => attack)).size, checkKeys.length);
        const [bundle, chain] = pictures;
        assert.match(bundle, /built from github\.com\/sigstore\/sigstore-js.*\.github\/workflows\/release\.yml.*1697019812/u);
        assert.match(chain, /Source: github\.com\/sigstore\/sigstore-js at 7d2900e;.*Log: 1697019812 in rekor\.sigstore\.dev.*Artifact: .*SHA-512 digest 849a897e81bf/u);
        await look(page, "proven");
        await page.evaluate(press, "Try it on the example");
        const judged = await page.evaluate(seen);
        assert.deepEqual([judged.state, judged.trust], ["verified", "document"], judged.text);
      });
    });

    test("two versions are compared, whatever they are: samples, files, what npm has", async () => {
      const pairs = {
        "provenance-npm-v1 provenance-npm-v1": ["none", {}],
        "provenance-generator-generic provenance-npm-v1": ["critical", { "Same signer?": "signer-changed", "Same builder?": "builder-changed", "As safe a build?": "level-lowered" }],
        "provenance-npm-v1 leaf-p256-message-rekor1": ["critical", { "As much said?": "provenance-lost" }],
        "provenance-npm-v1 managed-p256-dsse-rekor1": ["critical", { "Same signer?": "signer-kind-changed" }],
        "provenance-npm-v1 provenance-of-another-repository": ["critical", { "Does it verify?": "next-not-verified" }],
      };
      for (const [pair, [severity, codes]] of Object.entries(pairs)) {
        const [a, b] = pair.split(" ");
        await visit(`${site.origin}/#/compare?a=${a}&b=${b}`, async (page) => {
          await page.evaluate(until, ".comparison table");
          const { outcome, rows, text } = await page.evaluate(compared);
          assert.equal(outcome, severity, `${pair}: ${text}`);
          for (const [question, code] of Object.entries(codes)) assert.ok(rows[question]?.codes.includes(code), `${pair}: ${JSON.stringify(rows[question])}`);
          // Whatever changed says so by a word, and what did not says that too.
          for (const { codes: found, mark } of Object.values(rows)) assert.match(mark, found.length > 0 ? /changed|does not hold/u : /same|as versions differ|not told/u);
          if (b === "managed-p256-dsse-rekor1" || severity === "none") return;
          await look(page, `compare-${b}`);
        });
      }
    });

    test("a version that does not verify is nothing to compare with", async () => {
      await visit(`${site.origin}/#/compare?a=dsse-no-subject&b=provenance-npm-v1`, async (page) => {
        assert.match(await page.evaluate(until, ".comparison .problem"), /The older version does not verify/u);
        assert.equal(await page.evaluate(`document.querySelector("table")`), null);
      });
    });

    test("a registry is asked for a version when the visitor says so, and files are taken where they are dropped", async () => {
      const integrity = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;
      const bundle = JSON.parse(bundleText);
      const answers = {
        "https://registry.npmjs.org/sigstore/5.0.0": { name: "sigstore", version: "5.0.0", dist: { integrity, attestations: {} } },
        "https://registry.npmjs.org/-/npm/v1/attestations/sigstore@5.0.0": { attestations: [{ predicateType: "https://slsa.dev/provenance/v1", bundle }] },
        "https://pypi.org/integrity/sigstore/5.0.0/sigstore-5.0.0.tar.gz/provenance": {
          version: 1,
          envelope: { statement: bundle.dsseEnvelope.payload, signature: bundle.dsseEnvelope.signatures[0].sig },
          verification_material: { certificate: bundle.verificationMaterial.certificate.rawBytes, transparency_entries: bundle.verificationMaterial.tlogEntries },
        },
      };
      await visit(`${site.origin}/#/compare`, async (page) => {
        await page.evaluate(until, "[data-side=newer]");
        await page.evaluate(dropOn, "[data-side=older]", "notes.txt", "no evidence");
        assert.match(await page.evaluate(until, "[data-side=older] .problem:not(:empty)"), /There is no evidence in notes\.txt/u);
        await page.evaluate(dropOn, "[data-side=older]", "a.sigstore.json", bundleText);
        assert.deepEqual(page.foreign, []);
        await page.evaluate(askRegistry, "newer", "npm:sigstore@5.0.0");
        await page.evaluate(until, ".comparison table");
        const { outcome, text } = await page.evaluate(compared);
        assert.equal(outcome, "none", text);
        assert.match(text, /held against none/u);
        await page.evaluate(askRegistry, "newer", "pypi:sigstore-5.0.0.tar.gz");
        await page.evaluate(until, ".comparison table");
        assert.match((await page.evaluate(compared)).text, /pypi:sigstore-5\.0\.0\.tar\.gz/u);
        await page.evaluate(askRegistry, "newer", "npm:sigstore");
        assert.match(await page.evaluate(until, "[data-side=newer] .problem:not(:empty)"), /[Ww]hich version/u);
        assert.equal(await page.evaluate(`document.querySelector("table")`), null);
      }, { answer: (url) => (answers[url] === undefined ? { status: 404, body: "{}" } : { body: JSON.stringify(answers[url]) }), foreign: Object.keys(answers) });
    });

    test("what needs no samples is in the one file too, and nothing that does", async () => {
      await visit(String(pathToFileURL(fileURLToPath(new URL("../../www/dist/admissible.html", import.meta.url)))), async (page) => {
        assert.equal(await page.evaluate(`[...document.querySelectorAll("nav a")].map((link) => link.hash).join(" ")`), "#/ #/compare #/proven");
        await page.evaluate(`location.hash = "#/proven"`);
        await page.evaluate(until, ".glossary");
      });
    });
  });
}

/** Runs inside the page: what each card says. */
function shownSamples() {
  return Object.fromEntries([...document.querySelectorAll("[data-sample]")].map((card) => [card.dataset.sample, card.textContent]));
}

/** Runs inside the page: what the badge says of the sample that is judged where it stands. */
async function judgedHere() {
  const badge = document.querySelector("provenance-badge");
  for (let rounds = 0; rounds < 400 && badge.report == null; rounds += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  await badge.updateComplete;
  return badge.shadowRoot.querySelector("button").className;
}

/** Runs inside the page: what the explanation shows. */
function explained() {
  return {
    pictures: [...document.querySelectorAll("svg.picture")].map((picture) => picture.getAttribute("aria-label")),
    checks: [...document.querySelectorAll(".rules li")].map((rule) => ({ id: rule.dataset.check, attack: rule.querySelector(".attack").textContent })),
  };
}

/** Runs inside the page: the comparison, by the questions of its lines. */
function compared() {
  const rows = [...document.querySelectorAll(".changes tbody tr")].map((row) => [row.querySelector("th").firstChild.textContent, {
    mark: row.querySelector(".change-mark").textContent,
    codes: [...row.querySelectorAll(".change-why code")].map((code) => code.textContent),
  }]);
  return { outcome: document.querySelector(".outcome").dataset.severity, rows: Object.fromEntries(rows), text: document.querySelector(".comparison").innerText };
}

/** Runs inside the page: drops a file on one of its parts. */
function dropOn(selector, name, text) {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  document.querySelector(selector).dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
}

/** Runs inside the page: asks a registry about one side. */
function askRegistry(side, reference) {
  const input = document.querySelector(`#${side}-reference`);
  input.value = reference;
  input.form.requestSubmit();
}

/** Milliseconds that the page may stand still while it judges: on a busy machine, and a long way from the seconds that all of it takes. */
const longestGap = 1000;

/** Runs inside the page: opens the registry, scrolls until all is judged, and tells how long each frame was, in order of length, and how long tasks were. */
async function scrolling() {
  const [gaps, long] = [[], []];
  if (PerformanceObserver.supportedEntryTypes.includes("longtask")) {
    new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => Math.round(duration)))).observe({ type: "longtask" });
  }
  location.hash = "#/registry";
  let [last, scrolled] = [performance.now(), 0];
  while (document.querySelector(".packages[aria-busy=false]") === null || document.querySelector(".told-time").textContent === "") {
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    gaps.push(Math.round(now - last));
    last = now;
    scrollBy(0, 8);
    scrolled = Math.max(scrolled, scrollY);
  }
  return { gaps: gaps.sort((one, other) => one - other), long, told: document.querySelector(".told-time").textContent, scrolled };
}

/** Runs inside the page: the states of the registry's packages. */
async function counts() {
  const samples = Object.fromEntries((await (await fetch("./samples/samples.json")).json()).samples.map(({ id, state }) => [id, state]));
  const rows = [...document.querySelectorAll(".package")];
  const badges = rows.map((row) => row.querySelector("provenance-badge"));
  await Promise.all(badges.map((badge) => badge.updateComplete));
  return {
    states: rows.map((row) => row.dataset.state),
    drawn: badges.map((badge) => badge.shadowRoot.querySelector("button").className.replace("badge ", "")),
    visible: rows.filter((row) => !row.hidden).map((row) => row.dataset.state),
    filters: Object.fromEntries([...document.querySelectorAll(".filter")].map((one) => [one.dataset.state, Number(one.querySelector(".count").textContent)])),
    pressed: document.querySelector(".filter[aria-pressed=true]").dataset.state,
    told: document.querySelector(".told-time").textContent,
    // Of another state than their sample must have, but for downloads that break off.
    unlike: rows.filter((row) => ![samples[row.dataset.sample], "could-not-verify"].includes(row.dataset.state)).map((row) => `${row.dataset.sample} ${row.dataset.state}`),
    hash: location.hash,
  };
}

/** Runs inside the page: on which badge the focus is after each key, from the first one on. */
function walked(keys) {
  const badges = [...document.querySelectorAll(".package:not([hidden]) provenance-badge")];
  badges[0].shadowRoot.querySelector("button").focus();
  return keys.map((key) => {
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    return badges.indexOf(document.activeElement);
  }).join(" ");
}
