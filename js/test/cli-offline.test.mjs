// Evidence saved by `download`, and judged with --offline by what was saved; and what a folder from elsewhere may try.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { bundleText, sha512, signer } from "./demo.mjs";
import { loopback } from "./cli-loopback.mjs";
import { snappy } from "./snappy.mjs";

const bundle = JSON.parse(bundleText);
const integrity = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;
const registry = await loopback();
const { origin, run, file, seen, folder } = registry;
const saved = join(folder, "evidence");
const listed = { attestations: [{ predicateType: "https://slsa.dev/provenance/v1", bundle }] };
const attestations = "/-/npm/v1/attestations/sigstore@5.0.0";
const npmAnswers = { "/sigstore/5.0.0": { dist: { integrity, attestations: {} } }, [attestations]: listed, "/plain/1.0.0": { dist: { integrity } } };

beforeEach(() => {
  registry.answers = npmAnswers;
  rmSync(saved, { recursive: true, force: true });
});

const at = ["--registry", origin];
const download = (...argv) => run("download", "npm", "sigstore@5.0.0", "--to", "evidence", ...at, ...argv);
const offline = (...argv) => run("verify-npm", "sigstore@5.0.0", "--repo", "sigstore/sigstore-js", "--offline", "evidence", ...at, ...argv);
const index = () => JSON.parse(readFileSync(join(saved, "index.json"), "utf8"));
const files = () => readdirSync(saved, { recursive: true }).filter((name) => /[/\\.]/u.test(name)).map((name) => name.replaceAll("\\", "/")).sort();
const everything = () => files().map((name) => readFileSync(join(saved, name), "utf8")).join("\n");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

test("what was downloaded is judged without asking anybody", async () => {
  const { status, stdout, stderr } = await download();
  assert.deepEqual([status, stderr], [0, ""]);
  const [named] = files().filter((name) => name.startsWith("bundles/"));
  assert.equal(stdout, [
    "saved in evidence: 1 bundle about sigstore@5.0.0; nothing is verified yet",
    `  evidence/${named}  https://slsa.dev/provenance/v1`,
    `next: admissible verify-npm sigstore@5.0.0 --repo OWNER/NAME --offline evidence --registry ${origin}`,
    "",
  ].join("\n"));
  seen.length = 0;
  registry.answers = {};
  const verified = await offline();
  assert.deepEqual([verified.status, verified.stderr], [0, ""]);
  assert.match(verified.stdout, /^✔ verified: /u);
  assert.match(verified.stdout, /\nanswered from evidence, nobody was asked\n {2}200 http/u);
  assert.equal((await run("verify-npm", "sigstore@5.0.0", "--repo", "acme/app", "--offline", "evidence", ...at)).status, 1);
  assert.deepEqual(seen, []);
  const alone = await run("verify", `sha512:${sha512}`, "--bundle", join("evidence", named), "--certificate-identity", signer.identity, "--certificate-oidc-issuer", signer.issuer);
  assert.equal(alone.status, 0, alone.stdout);
});

test("the folder: an index in order, bodies and bundles by content, and nothing else", async () => {
  await download();
  assert.equal((await run("download", "npm", "plain@1.0.0", "--to", "evidence", ...at)).stdout.split("\n")[0], "saved in evidence: that there is no evidence about plain@1.0.0");
  const { version, requests } = index();
  assert.equal(version, 1);
  assert.deepEqual(requests.map(({ url, status, headers }) => [url.slice(origin.length), status, headers]), [[attestations, 200, {}], ["/plain/1.0.0", 200, {}], ["/sigstore/5.0.0", 200, {}]]);
  const names = files();
  assert.equal(names.length, 5, names.join(" "));
  for (const name of names.filter((one) => one !== "index.json")) assert.equal(name.replace(/^(?:bodies|bundles)\/|\.sigstore\.json$/gu, ""), sha256(readFileSync(join(saved, name))));
  const before = everything();
  await download();
  assert.equal(everything(), before, "the same answers make the same folder");
});

test("downloads at once add to one folder", async () => {
  const names = Array.from({ length: 6 }, (_, at) => `plain${at}`);
  registry.answers = Object.fromEntries(names.map((name) => [`/${name}/1.0.0`, { dist: { integrity } }]));
  const all = await Promise.all(names.map((name) => run("download", "npm", `${name}@1.0.0`, "--to", "evidence", ...at)));
  assert.deepEqual(all.map(({ status }) => status), names.map(() => 0));
  assert.deepEqual(index().requests.map(({ url }) => url), names.map((name) => `${origin}/${name}/1.0.0`));
  assert.deepEqual(readdirSync(saved).sort(), ["bodies", "index.json"]);
});

const lock = join(saved, "index.json.lock");

/** Starts a download that comes to no end while it saves, and waits for its lock. */
async function stalled() {
  const never = 'import fs from "node:fs/promises"; import { syncBuiltinESMExports } from "node:module"; fs.rename = () => new Promise(() => setInterval(() => {}, 1000)); syncBuiltinESMExports();';
  const child = registry.start(["--import", `data:text/javascript,${encodeURIComponent(never)}`], ["download", "npm", "plain0@1.0.0", "--to", "evidence", ...at]);
  for (const until = Date.now() + 20_000; !existsSync(lock) || readFileSync(lock).length === 0; ) {
    assert.ok(Date.now() < until && child.exitCode === null, "it holds its lock");
    await setTimeout(20);
  }
  return { text: readFileSync(lock, "utf8"), kill: () => new Promise((resolve) => child.once("exit", resolve) && child.kill("SIGKILL")) };
}

const left = /^took over evidence.index\.json\.lock, which a download that was killed left behind\n$/u;

test("the lock of a download that was killed is taken over, by one of all that come, and that of a live one never", async () => {
  const names = Array.from({ length: 5 }, (_, at) => `plain${at}`);
  registry.answers = Object.fromEntries(names.map((name) => [`/${name}/1.0.0`, { dist: { integrity } }]));
  const again = (name) => run("download", "npm", `${name}@1.0.0`, "--to", "evidence", ...at);
  const { text, kill } = await stalled();
  try {
    const refused = await again("plain1");
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /^wrong use: --to: another download is saving into this folder/u);
    assert.equal(readFileSync(lock, "utf8"), text);
  } finally {
    await kill();
  }
  assert.equal(readFileSync(lock, "utf8"), text, "nobody takes it away");
  const all = await Promise.all(names.map(again));
  assert.deepEqual(all.map(({ status }) => status), names.map(() => 0));
  const [told, ...more] = all.map(({ stderr }) => stderr).filter((stderr) => stderr !== "");
  assert.match(told, left);
  assert.deepEqual(more, []);
  assert.deepEqual(index().requests.map(({ url }) => url), names.map((name) => `${origin}/${name}/1.0.0`));
  // Also where whoever took it over was killed at that.
  file("evidence/index.json.lock", text);
  file("evidence/index.json.lock.heir", text.replace(/"id":"/u, "$&x"));
  const { status, stderr } = await again("plain0");
  assert.equal(status, 0);
  assert.match(stderr, left);
  assert.deepEqual(readdirSync(saved).filter((name) => name.startsWith("index")), ["index.json"]);
});

test("a lock of which it is not certain that its process is gone is somebody's, and nobody waits for ever", async () => {
  registry.answers = { "/plain0/1.0.0": { dist: { integrity } } };
  const { text, kill } = await stalled();
  await kill();
  const { pid, place, id } = JSON.parse(text);
  const locks = [
    { pid: process.pid, place, id }, { pid: process.pid, id }, { pid, id }, { pid, place: `${place}x`, id }, { pid: -pid, place, id }, { pid: 0, place, id },
    { pid: String(pid), place, id }, { pid: pid + 0.5, place, id }, { pid: 2 ** 40, place, id }, { place, id }, [pid, place, id], null, "", "{", text.slice(0, -1),
  ];
  const folders = locks.map((content, at) => {
    mkdirSync(join(folder, `lock${at}`));
    return [file(`lock${at}/index.json.lock`, content), content];
  });
  mkdirSync(join(folder, "linked"));
  symlinkSync(lock, join(folder, "linked/index.json.lock"));
  folders.push(["linked/index.json.lock", text]);
  await Promise.all(folders.map(async ([path, content]) => {
    const { status, stderr } = await run("download", "npm", "plain0@1.0.0", "--to", dirname(path), ...at);
    assert.equal(status, 2, JSON.stringify(content));
    assert.match(stderr, /^wrong use: --to: another download is saving into this folder; if none is, remove /u);
    assert.equal(readFileSync(join(folder, path), "utf8"), typeof content === "string" ? content : JSON.stringify(content));
  }));
});

test("never asked is not none found", async () => {
  await run("download", "npm", "plain@1.0.0", "--to", "evidence", ...at);
  await run("download", "npm", "missing@1.0.0", "--to", "evidence", ...at);
  for (const [name, outcome] of [["plain", /^✘ none found: /u], ["missing", /^✘ none found: /u]]) {
    const { status, stdout } = await run("verify-npm", `${name}@1.0.0`, "--repo", "a/b", "--offline", "evidence", ...at);
    assert.equal(status, 1);
    assert.match(stdout, outcome);
  }
  const { status, stdout } = await offline();
  assert.equal(status, 1);
  assert.equal(stdout, `! no verdict: expected a saved answer, found none (${origin}/sigstore/5.0.0)\n  next: admissible download npm sigstore@5.0.0 --to evidence --registry ${origin}\n`);
  const { outcome, error } = JSON.parse((await offline("--json")).stdout);
  assert.deepEqual([outcome, error.code], ["unavailable", "not-saved"]);
});

test("what could not be had is not saved", async () => {
  for (const status of [401, 403, 500]) {
    registry.answers = { ...npmAnswers, [attestations]: { status, headers: { "retry-after": "0" } } };
    const refused = await download();
    assert.deepEqual([refused.status, existsSync(saved)], [1, false], String(status));
    assert.match(refused.stdout, new RegExp(`^! not to be had: expected an answer with status 200, found ${status}`, "u"));
    assert.doesNotMatch(refused.stdout, /✔/u);
  }
});

const lockFile = () => file("package-lock.json", { lockfileVersion: 3, packages: { "node_modules/sigstore": { version: "5.0.0", integrity }, "node_modules/plain": { version: "1.0.0", integrity } } });

test("a whole lock file", async () => {
  const lock = lockFile();
  const had = await run("download", "npm", "--lock", lock, "--to", "evidence", ...at);
  assert.deepEqual([had.status, had.stdout.split("\n")[0]], [0, "saved in evidence: 1 bundle about the 2 packages of package-lock.json; nothing is verified yet"]);
  seen.length = 0;
  const judge = () => run("verify-npm", "--lock", lock, "--offline", "evidence", ...at);
  const { status, stdout } = await judge();
  assert.equal(status, 0, stdout);
  assert.ok(stdout.endsWith("\n1 no-provenance, 1 verified\nanswered from evidence, nobody was asked\n"), stdout);
  const { requests } = index();
  writeFileSync(join(saved, "index.json"), JSON.stringify({ version: 1, requests: requests.filter(({ url }) => !url.includes("plain")) }));
  const partly = await judge();
  assert.equal(partly.status, 1);
  assert.match(partly.stdout, /^\? unavailable +plain@1\.0\.0 +expected a saved answer, found none/u);
  assert.ok(partly.stdout.endsWith(`\nnext: admissible download npm --lock package-lock.json --to evidence --registry ${origin}\n`), partly.stdout);
  assert.deepEqual(seen, []);
});

test("a lock file of which some could not be had: the rest is saved, and the command fails", async () => {
  registry.answers = { ...npmAnswers, "/-/npm/v1/attestations/plain@1.0.0": { status: 403 } };
  const { status, stdout } = await run("download", "npm", "--lock", lockFile(), "--to", "evidence", ...at);
  assert.equal(status, 1);
  assert.match(stdout, /^! not to be had: .*plain@1\.0\.0\)\nsaved in evidence: 1 bundle about/u);
  assert.deepEqual(index().requests.map(({ status }) => status), [200]);
});

test("PyPI: by the name of the file, which need not be there", async () => {
  const name = "sigstore-5.0.0.tar.gz";
  const { certificate, tlogEntries } = bundle.verificationMaterial;
  const envelope = { statement: bundle.dsseEnvelope.payload, signature: bundle.dsseEnvelope.signatures[0].sig };
  registry.answers = { [`/integrity/sigstore/5.0.0/${name}/provenance`]: { version: 1, envelope, verification_material: { certificate: certificate.rawBytes, transparency_entries: tlogEntries } } };
  const had = await run("download", "pypi", `dist/${name}`, "--to", "evidence", "--index", origin);
  assert.equal(had.status, 0, had.stdout);
  file(name, "another content");
  const judged = await run("verify-pypi", name, "--repo", "sigstore/sigstore-js", "--workflow", "release.yml", "--index", origin, "--offline", "evidence");
  assert.match(judged.stdout, /\n✘ bundle 0: not verified: artifact failed\n {4}artifact-not-a-subject\n {6}expected a subject /u);
});

const digest = `sha512:${sha512}`;
const page = `/repos/sigstore/sigstore-js/attestations/${digest}?per_page=100`;
const github = (verb, ...argv) => run(...verb, digest, "--repo", "sigstore/sigstore-js", "--api", origin, ...argv);
const signed = "se=2026-01-01&sig=KEY%2FOF%2BSTORE&X-Amz-Signature=KEY";

test("GitHub: neither the token nor the key in a pre-signed URL is saved, and the evidence is found without", async () => {
  // GitHub writes `&` as an escape. A bundle that is here has a URL beside it that nobody asks for.
  const text = JSON.stringify({ attestations: [{ bundle: null, bundle_url: `${origin}/1.json.sn?${signed}` }, { bundle, bundle_url: `${origin}/2.json.sn?${signed}` }] });
  registry.answers = {
    [page]: { headers: { link: `<${origin}${page}&after=cursor&sig=KEY>; rel="next"`, "set-cookie": "a=KEY", "x-token": "KEY" }, body: Buffer.from(text.replaceAll("&", "\\u0026")) },
    [`${page}&after=cursor&sig=KEY`]: { status: 302, headers: { location: `/moved?${signed}` } },
    [`/moved?${signed}`]: { attestations: [] },
    [`/1.json.sn?${signed}`]: { headers: { "content-type": "application/x-snappy" }, body: Buffer.from(snappy(bundleText)) },
  };
  const had = await github(["download", "github"], "--to", "evidence");
  assert.equal(had.status, 0, had.stdout);
  assert.match(had.stdout, /^saved in evidence: 2 bundles about sha512:/u);
  assert.ok(seen.some(([, authorization]) => authorization === "Bearer secret"));
  assert.doesNotMatch(everything() + had.stdout, /secret|KEY|set-cookie|x-token/u);
  registry.answers = {};
  seen.length = 0;
  const judged = await github(["verify-github"], "--offline", "evidence", "--json");
  const { outcome, evaluation, asked } = JSON.parse(judged.stdout);
  assert.deepEqual([outcome, evaluation.verdict, evaluation.bundles.length], ["judged", "verified", 2]);
  assert.deepEqual(asked.map(({ url }) => url.slice(origin.length)), [page, "/1.json.sn", `${page}&after=cursor`]);
  assert.deepEqual(seen, []);
});

test("what is printed online has no key of a pre-signed URL either", async () => {
  registry.answers = { [page]: { attestations: [{ bundle: null, bundle_url: `${origin}/1.json.sn?${signed}` }] }, [`/1.json.sn?${signed}`]: { body: Buffer.from(bundleText) } };
  for (const format of [[], ["--json"]]) {
    const { status, stdout } = await github(["verify-github"], ...format);
    assert.equal(status, 0, stdout);
    assert.doesNotMatch(stdout, /KEY/u);
  }
  delete registry.answers[`/1.json.sn?${signed}`];
  const { status, stdout } = await github(["verify-github"]);
  assert.equal(status, 1);
  assert.match(stdout, /^! no verdict: .*\/1\.json\.sn\)\n$/u);
});

test("a folder from elsewhere: its index is read strictly", async () => {
  await download();
  const good = index();
  const [first, ...rest] = good.requests;
  const wrong = [
    "", "[]", "null", "{}", "\u{feff}{",
    { ...good, version: 2 },
    { ...good, more: 1 },
    { ...good, requests: {} },
    { ...good, requests: [null] },
    { ...good, requests: [first, first, ...rest] },
    ...[
      { path: "../../etc/passwd" }, { sha256: "../../../etc/passwd" }, { sha256: first.sha256.toUpperCase() }, { sha256: undefined }, { sha256: `${first.sha256}/..` },
      { status: "200" }, { status: 500 }, { status: 404 }, { url: "here" }, { url: `${first.url}?sig=KEY` }, { url: `${first.url}#x` }, { headers: null },
      { headers: { "set-cookie": "a" } }, { headers: { link: "a\r\nb" } }, { headers: { link: 1 } },
    ].map((change) => ({ ...good, requests: [{ ...first, ...change }, ...rest] })),
  ];
  for (const text of wrong) {
    writeFileSync(join(saved, "index.json"), typeof text === "string" ? text : JSON.stringify(text));
    const judged = await offline();
    assert.deepEqual([judged.status, judged.stdout], [2, ""], JSON.stringify(text));
    assert.match(judged.stderr, /^invalid-argument: --offline evidence: index\.json is no index of saved evidence/u);
    const added = await download();
    assert.deepEqual([added.status, added.stdout], [2, ""], "and it is not written over");
  }
});

test("a folder from elsewhere: bodies are what the index says, plain files, and judged like a network's", async () => {
  await download();
  const { sha256: hex } = index().requests.find(({ url }) => url.endsWith(attestations));
  const body = join(saved, "bodies", hex);
  const told = async (pattern) => {
    const { status, stdout } = await offline();
    assert.equal(status, 1);
    assert.match(stdout, pattern);
  };
  const content = readFileSync(body);
  writeFileSync(body, content.toString().replace("slsa", "SLSA"));
  await told(/^! no verdict: expected the saved answer at bodies\/[0-9a-f]{64}, found other bytes/u);
  rmSync(body);
  await told(/^! no verdict: expected the saved answer at bodies\/[0-9a-f]{64}, found nothing/u);
  writeFileSync(join(folder, "elsewhere"), content);
  symlinkSync(join(folder, "elsewhere"), body);
  await told(/^! no verdict: the saved answer cannot be read/u);
  rmSync(body);
  execFileSync("mkfifo", [body]);
  await told(/^! no verdict: the saved answer cannot be read/u);
  rmSync(body);
  // Whoever makes the folder can make digests that fit, and has won nothing by it.
  const forged = Buffer.from(JSON.stringify({ attestations: [{ predicateType: "https://slsa.dev/provenance/v1", bundle: { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, payload: "e30=" } } }] }));
  writeFileSync(join(saved, "bodies", sha256(forged)), forged);
  const { requests } = index();
  writeFileSync(join(saved, "index.json"), JSON.stringify({ version: 1, requests: requests.map((one) => (one.sha256 === hex ? { ...one, sha256: sha256(forged) } : one)) }));
  await told(/^✘ rejected: /u);
  assert.equal((await download()).status, 0);
  assert.equal((await offline()).status, 0, "and a new download makes it whole");
});

test("wrong use", async () => {
  await download();
  renameSync(saved, join(folder, "kept"));
  seen.length = 0;
  file("text", "");
  for (const [argv, message] of [
    [["download"], /name from where/u],
    [["download", "cargo", "x"], /expected npm, pypi, github or image, found cargo/u],
    [["download", "npm", "a@1.0.0"], /--to is missing/u],
    [["download", "npm", "--to", "evidence"], /name the package/u],
    [["download", "npm", "a@latest", "--to", "evidence"], /a reference is name@version/u],
    [["download", "npm", "a@1.0.0", "--lock", "x", "--to", "evidence"], /is one too many|there is no such file/u],
    [["download", "npm", "a@1.0.0", "--to", "evidence", "--repo", "a/b"], /Unknown option '--repo'/u],
    [["download", "github", digest, "--to", "evidence"], /--repo is missing/u],
    [["download", "pypi", "app.exe", "--to", "evidence"], /expected the name of a wheel/u],
    [["verify-npm", "a@1.0.0", "--repo", "a/b", "--offline", "none"], /no evidence was saved here/u],
    [["verify-npm", "a@1.0.0", "--repo", "a/b", "--offline", "text"], /that is a file, not a folder/u],
    [["verify-npm", "--lock", lockFile(), "--offline", "none"], /no evidence was saved here/u],
  ]) {
    const { status, stdout, stderr } = await run(...argv);
    assert.deepEqual([status, stdout], [2, ""], argv.join(" "));
    assert.match(stderr, message, argv.join(" "));
  }
  const onFile = await run("download", "npm", "plain@1.0.0", "--to", "text", ...at);
  assert.deepEqual([onFile.status, onFile.stdout], [2, ""]);
  assert.match(onFile.stderr, /^wrong use: --to: that is a file, not a folder \(text\)/u);
  assert.equal((await run("download", "--help")).stdout, (await run("help", "download")).stdout);
  assert.equal(existsSync(saved), false);
});
