// The commands that ask a registry, against one on loopback.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bundleText, sha512, signer } from "./demo.mjs";
import { loopback } from "./cli-loopback.mjs";
import * as signedByNpm from "./signed-by-npm.mjs";

const bundle = JSON.parse(bundleText);
const integrity = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;
const registry = await loopback();
const { origin, run, file, seen } = registry;

const described = { dist: { integrity, attestations: {} } };
const listed = { attestations: [{ predicateType: "https://slsa.dev/provenance/v1", bundle }] };
const npmAnswers = { "/sigstore/5.0.0": described, "/-/npm/v1/attestations/sigstore@5.0.0": listed };
const unsigned = "\nnpm      not signed by npm's own key, which decides nothing here (registry-signature-missing): expected a signature of the registry, found none\n";
const npm = (...more) => run("verify-npm", "sigstore@5.0.0", "--registry", origin, ...more);

test("verify-npm: verified, refused, none found, and not to be had", async () => {
  registry.answers = npmAnswers;
  const verified = await npm("--repo", "sigstore/sigstore-js");
  assert.deepEqual([verified.status, verified.stderr], [0, ""]);
  assert.match(verified.stdout, /^✔ verified: all 3 requirements are met, by 1 bundle\n/u);
  assert.ok(verified.stdout.endsWith(`asked\n  200 ${origin}/sigstore/5.0.0\n  200 ${origin}/-/npm/v1/attestations/sigstore@5.0.0\n`), verified.stdout);
  const refused = await npm("--repo", "acme/app");
  assert.equal(refused.status, 1);
  assert.match(refused.stdout, /^✘ rejected: [^]*\n✘ bundle 0: not verified: signer failed\n {4}signer-claim-differs\n {6}expected `https:\/\/github\.com\/acme\/app` as claim/u);
  registry.answers = { "/sigstore/5.0.0": { dist: { integrity } } };
  const none = await npm("--repo", "sigstore/sigstore-js");
  assert.equal(none.status, 1);
  assert.equal(none.stdout, `✘ none found: there is no evidence about sigstore@5.0.0\n${unsigned}\nasked\n  200 ${origin}/sigstore/5.0.0\n`);
  registry.answers = {};
  const unknown = await npm("--repo", "sigstore/sigstore-js");
  assert.deepEqual([unknown.status, unknown.stdout], [1, `✘ none found: the registry has no sigstore@5.0.0, or does not show it to everybody\n\nasked\n  404 ${origin}/sigstore/5.0.0\n`]);
  registry.answers = { "/sigstore/5.0.0": { status: 403 } };
  const unavailable = await npm("--repo", "sigstore/sigstore-js");
  assert.equal(unavailable.status, 1);
  assert.equal(unavailable.stdout, `! no verdict: expected an answer with status 200, found 403 (${origin}/sigstore/5.0.0)\n`);
});

test("verify-npm --json says the same to programs", async () => {
  registry.answers = npmAnswers;
  const verified = JSON.parse((await npm("--repo", "sigstore/sigstore-js", "--json")).stdout);
  assert.deepEqual([verified.outcome, verified.evaluation.verdict, verified.asked.length], ["judged", "verified", 2]);
  assert.deepEqual(verified.evidence, [{ at: "/attestations/0/bundle", predicateType: "https://slsa.dev/provenance/v1", from: `${origin}/-/npm/v1/attestations/sigstore@5.0.0` }]);
  registry.answers = {};
  assert.deepEqual(JSON.parse((await npm("--repo", "a/b", "--json")).stdout), { outcome: "none-found", evidence: [], asked: [{ url: `${origin}/sigstore/5.0.0`, status: 404 }] });
  registry.answers = { "/sigstore/5.0.0": { status: 401 } };
  const { outcome, error } = JSON.parse((await npm("--repo", "a/b", "--json")).stdout);
  assert.deepEqual([outcome, error.code, error.status, error.url], ["unavailable", "refused", 401, `${origin}/sigstore/5.0.0`]);
});

test("verify-npm tells whether npm signed the digest, and that this is no part of the verdict", async () => {
  const { reference, description, keyId } = signedByNpm;
  registry.answers = { [`/${reference.replace("/", "%2f").replace(/@([^@]*)$/u, "/$1")}`]: description };
  const ask = async (...more) => (await run("verify-npm", reference, "--registry", origin, "--repo", "a/b", ...more)).stdout;
  const { integrity: tarball } = description.dist;
  const sentence = `npm's own key signed which tarball this version has (${tarball}); who built it, that does not tell`;
  assert.ok((await ask()).startsWith(`✘ none found: there is no evidence about ${reference}\n\nnpm      ${sentence}\n`));
  assert.match(await ask("--format", "markdown"), /\n\| npm \| npm's own key signed which tarball this version has /u);
  const signature = { verdict: "passed", integrity: tarball, keyId, failures: [] };
  assert.deepEqual(JSON.parse(await ask("--json")).registrySignature, signature);
  const [{ properties, results }] = JSON.parse(await ask("--format", "sarif")).runs;
  assert.deepEqual([properties.registrySignature, results.map(({ ruleId }) => ruleId)], [signature, ["none-found"]]);
  registry.answers = npmAnswers;
  const judged = await npm("--repo", "sigstore/sigstore-js");
  assert.deepEqual([judged.status, judged.stdout.includes(unsigned)], [0, true], "a missing one fails nothing");
});

test("verify-npm: an exception of the policy lets pass what brings nothing, and says so", async () => {
  registry.answers = { "/sigstore/5.0.0": { dist: { integrity } } };
  const exceptions = [{ reference: "pkg:npm/sigstore@5.0.0", reason: "migrating", expires: "2100-01-01T00:00:00Z" }];
  const policy = file("lenient.json", { version: 1, signers: [signer], exceptions });
  const { status, stdout } = await npm("--policy", policy);
  assert.equal(status, 0);
  assert.match(stdout, /^✘ none found: .*\n\n! excepted until 2100-01-01T00:00:00Z, not verified/u);
});

const locked = (packages) => file("package-lock.json", { lockfileVersion: 3, packages: { "": { name: "mine", version: "1.0.0" }, ...packages } });
const lock = (path, ...more) => run("verify-npm", "--lock", path, "--registry", origin, ...more);
const good = { version: "5.0.0", resolved: "https://registry.example/sigstore/-/sigstore-5.0.0.tgz", integrity };

test("verify-npm --lock --since: another file under the same version is told, with provenance and without", async () => {
  const name = "node_modules/sigstore";
  const other = { ...good, integrity: `sha512-${Buffer.alloc(64).toString("base64")}` };
  const since = file("before.json", { lockfileVersion: 3, packages: { [name]: other, "node_modules/bare": other, "node_modules/same": good } });
  registry.answers = npmAnswers;
  const { status, stdout } = await lock(locked({ [name]: good, "node_modules/bare": good, "node_modules/same": good }), "--since", since, "--json");
  assert.equal(status, 1);
  const states = JSON.parse(stdout).packages.map(({ package: one, state, reason }) => [one, state, reason]);
  const reason = "expected the file that the earlier lock file has of this version, found another";
  assert.deepEqual(states, [["bare@5.0.0", "changed", reason], ["sigstore@5.0.0", "changed", reason], ["same@5.0.0", "no-provenance", undefined]]);
});

test("verify-npm --lock --since: what cannot be compared is told", async () => {
  const since = file("before.json", { lockfileVersion: 3, packages: { "node_modules/sigstore": { ...good, version: "4.0.0" } } });
  registry.answers = npmAnswers;
  const { status, stdout } = await lock(locked({ "node_modules/sigstore": good }), "--since", since);
  assert.equal(status, 0);
  assert.match(stdout, /^✔ verified +sigstore@5\.0\.0 +\S+sigstore-js, not compared with 4\.0\.0, of which there is no provenance$/mu);
  const [{ results }] = JSON.parse((await lock("package-lock.json", "--since", since, "--format", "sarif")).stdout).runs;
  assert.deepEqual(results.map(({ ruleId, level }) => [ruleId, level]), [["not-compared", "warning"]]);
});

test("verify-npm --lock: no name in a lock file leads elsewhere at the registry", async () => {
  registry.answers = {};
  seen.length = 0;
  const names = ["a/../../../admin", "a?b=", "a#", "..", "%2e%2e/x"];
  const { status, stdout } = await lock(locked(Object.fromEntries(names.map((name, at) => [`node_modules/n${at}`, { ...good, name }]))), "--json");
  assert.equal(status, 0, stdout);
  const asked = seen.map(([url]) => url);
  assert.equal(asked.length, names.length);
  for (const path of asked) assert.match(path, /^\/-\/npm\/v1\/attestations\/[^/?#]+@5\.0\.0$/u);
});
const other = { version: "1.0.0", resolved: "https://registry.example/other.tgz", integrity: `sha512-${Buffer.alloc(64).toString("base64")}` };
const attested = "/-/npm/v1/attestations/";

test("verify-npm --lock: a table of every package, each once", async () => {
  registry.answers = {
    [`${attested}sigstore@5.0.0`]: listed,
    [`${attested}renamed@5.0.0`]: listed,
    [`${attested}published@1.0.0`]: { attestations: [{ predicateType: "https://github.com/npm/attestation/tree/main/specs/publish/v0.1", bundle }] },
    [`${attested}@acme%2fapp@1.0.0`]: { status: 403 },
  };
  const path = locked({
    "node_modules/sigstore": good,
    "node_modules/a/node_modules/sigstore": good,
    "node_modules/alias": { ...good, name: "renamed" },
    "node_modules/plain": other,
    "node_modules/published": other,
    "node_modules/@acme/app": other,
    "node_modules/from-git": { version: "1.0.0", resolved: "git+ssh://git@github.com/a/b.git#c" },
    "node_modules/linked": { resolved: "packages/linked", link: true },
    "packages/linked": { version: "1.0.0" },
  });
  seen.length = 0;
  const { status, stdout } = await lock(path);
  assert.equal(status, 1);
  const rows = stdout.split("\n").map((row) => row.trim().split(/\s{2,}/u).slice(0, 2));
  assert.deepEqual(rows.slice(0, 5), [
    ["✘ failed", "renamed@5.0.0"],
    ["? unavailable", "@acme/app@1.0.0"],
    ["– no-provenance", "plain@1.0.0"],
    ["– no-provenance", "published@1.0.0"],
    ["✔ verified", "sigstore@5.0.0"],
  ]);
  assert.match(stdout, /sigstore@5\.0\.0 +https:\/\/github\.com\/sigstore\/sigstore-js\n/u);
  assert.ok(stdout.endsWith("\n1 failed, 1 unavailable, 2 no-provenance, 1 verified\nnot from a registry: from-git\n"), stdout);
  assert.equal(seen.length, 5);
});

test("verify-npm --lock: the digest of the lock file counts, and what fails the command", async () => {
  registry.answers = { [`${attested}sigstore@5.0.0`]: listed };
  const fine = locked({ "node_modules/sigstore": good, "node_modules/plain": other });
  assert.equal((await lock(fine)).status, 0);
  assert.equal((await lock(fine, "--require-provenance")).status, 1);
  const { counts, packages, skipped } = JSON.parse((await lock(fine, "--json")).stdout);
  assert.deepEqual([counts.verified, counts["no-provenance"], skipped], [1, 1, []]);
  assert.deepEqual(packages[1], { package: "sigstore@5.0.0", state: "verified", repository: "https://github.com/sigstore/sigstore-js" });
  const swapped = locked({ "node_modules/sigstore": { ...good, integrity: other.integrity } });
  const refused = await lock(swapped);
  assert.equal(refused.status, 1);
  assert.match(refused.stdout, /^✘ failed +sigstore@5\.0\.0 +bundle 0 did not verify \(artifact-not-a-subject\)/u);
  const strict = file("elsewhere.json", { version: 1, signers: [{ ...signer, identity: "https://github.com/acme/app" }] });
  assert.match((await lock(fine, "--policy", strict)).stdout, /^✘ failed +sigstore@5\.0\.0/u);
});

test("verify-npm --lock: wrong use", async () => {
  for (const [argv, message] of [
    [["verify-npm", "--lock", "none.json"], /there is no such file/u],
    [["verify-npm", "--lock", file("text.json", "lock")], /is no JSON/u],
    [["verify-npm", "--lock", file("old.json", { lockfileVersion: 1, dependencies: {} })], /npm 7 or newer/u],
    [["verify-npm", "--lock", file("old.json", "null")], /npm 7 or newer/u],
    [["verify-npm", "--lock", "x", "a@1.0.0"], /is one too many/u],
    [["verify-npm", "--lock", "x", "--repo", "a/b"], /is for one package/u],
    [["verify-npm", "a@1.0.0", "--repo", "a/b", "--since", "x"], /are for --lock/u],
    [["verify-npm", "a@1.0.0", "--repo", "a/b", "--require-provenance"], /are for --lock/u],
  ]) {
    const { status, stderr } = await run(...argv);
    assert.equal(status, 2, argv.join(" "));
    assert.match(stderr, message);
  }
});

test("verify-pypi: a file by its name and its content", async () => {
  const name = "sigstore-5.0.0.tar.gz";
  const attestation = {
    version: 1,
    envelope: { statement: bundle.dsseEnvelope.payload, signature: bundle.dsseEnvelope.signatures[0].sig },
    verification_material: { certificate: bundle.verificationMaterial.certificate.rawBytes, transparency_entries: bundle.verificationMaterial.tlogEntries },
  };
  registry.answers = { [`/integrity/sigstore/5.0.0/${name}/provenance`]: attestation };
  file(name, "another content");
  const { status, stdout } = await run("verify-pypi", name, "--repo", "sigstore/sigstore-js", "--workflow", "release.yml", "--index", origin);
  assert.equal(status, 1);
  assert.match(stdout, /\n✘ bundle 0: not verified: artifact failed\n {4}artifact-not-a-subject\n {6}expected a subject /u);
  registry.answers = {};
  assert.match((await run("verify-pypi", name, "--policy", file("policy.json", { version: 1, signers: [signer] }), "--index", origin)).stdout, /^✘ none found: .* about sigstore-5\.0\.0\.tar\.gz\n/u);
});

test("verify-github: a file or a digest, and the token goes to the API", async () => {
  registry.answers = { [`/repos/sigstore/sigstore-js/attestations/sha512:${sha512}?per_page=100`]: { attestations: [{ repository_id: 1, bundle }] } };
  seen.length = 0;
  const { status, stdout } = await run("verify-github", `sha512:${sha512}`, "--repo", "sigstore/sigstore-js", "--api", origin);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^✔ verified: /u);
  assert.deepEqual(seen.map(([, authorization]) => authorization), ["Bearer secret"]);
  const other = file("app.tgz", "content");
  const none = await run("verify-github", other, "--repo", "sigstore/sigstore-js", "--api", origin);
  assert.equal(none.status, 1);
  assert.match(none.stdout, /^✘ none found: there is no evidence about app\.tgz\n\nasked\n {2}404 .*\/attestations\/sha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73\?per_page=100\n$/u);
});

test("wrong use is told before anybody is asked", async () => {
  seen.length = 0;
  for (const [argv, message] of [
    [["verify-npm"], /name the package/u],
    [["verify-npm", "a@1.0.0"], /which evidence is enough\?/u],
    [["verify-npm", "a@1.0.0", "--repo", "a/b", "--policy", "x"], /exclude each other/u],
    [["verify-npm", "a@1.0.0", "b@1.0.0", "--repo", "a/b"], /one operand too many/u],
    [["verify-npm", "a@1.0.0", "--repo", "a/b", "--registry", "x"], /`registry` is a URL/u],
    [["verify-npm", "a@latest", "--repo", "a/b", "--registry", origin], /a reference is name@version/u],
    [["verify-pypi", "a-1.0.tar.gz", "--repo", "a/b"], /go together/u],
    [["verify-pypi", "a-1.0.tar.gz", "--policy", "x", "--index", origin], /there is no such file/u],
    [["verify-github", "sha256:00"], /--repo is missing/u],
  ]) {
    const { status, stdout, stderr } = await run(...argv);
    assert.deepEqual([status, stdout], [2, ""], argv.join(" "));
    assert.match(stderr, message);
  }
  assert.deepEqual(seen, []);
  for (const command of ["verify-npm", "verify-pypi", "verify-github"]) {
    const { status, stdout } = await run(command, "--help");
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`usage: admissible ${command} `, "u"));
    assert.equal((await run("help", command)).stdout, stdout);
  }
});
