// `verify-image` and `download image`, against a registry on loopback that wants a token, and keeps its blobs elsewhere.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { loopback } from "./cli-loopback.mjs";
import { bundle, Contents, policy } from "./images.mjs";
import { sarifErrors } from "./sarif-schema.mjs";

const registry = await loopback();
const { origin, run, file, seen, folder } = registry;
const host = origin.slice("http://".length);
// By another name, this is another host.
const elsewhere = origin.replace("127.0.0.1", "localhost");
const app = `${host}/acme/app`;
const rules = file("policy.json", policy);
const auth = Buffer.from("alice:PASSWORD").toString("base64");
const login = (auths) => file("config.json", { auths });

const contents = new Contents();
const image = contents.image();
const index = contents.index({ "linux/amd64": image, "linux/arm64": contents.image() }, "1.0", [contents.buildkit(image)]);
const bare = contents.image("bare");
const signed = contents.image("signed");
contents.cosign(signed);
const broken = contents.referrer(image, "{");
const foreign = contents.referrer(bare, bundle(image.digest));
const mistaken = contents.image();
const plain = contents.routes("acme/app", {
  [image.digest]: [contents.referrer(image, bundle(image.digest)), broken, foreign],
  [index.digest]: [contents.referrer(index, bundle(index.digest))],
  [mistaken.digest]: [1, 2].map(() => contents.referrer(mistaken, bundle(bare.digest))),
});

/** The same for those alone who have a token, which is had for a password; blobs are at a store, by a URL with a key. */
function guarded() {
  const answers = { "/token": undefined };
  for (const [url, answer] of Object.entries(plain)) {
    const isBlob = url.includes("/blobs/");
    const allowed = isBlob ? { status: 307, headers: { location: `${elsewhere}/store${url}?X-Amz-Signature=KEY` }, body: Buffer.alloc(0) } : answer;
    const refused = { status: 401, headers: { "www-authenticate": `Bearer realm="${origin}/token",service="tests",scope="repository:acme/app:pull"` }, body: Buffer.alloc(0) };
    answers[url] = ({ headers }) => (headers.authorization === "Bearer TOKEN" ? allowed : refused);
    if (isBlob) answers[`/store${url}?X-Amz-Signature=KEY`] = ({ headers }) => (headers.authorization === undefined ? answer : { status: 400 });
  }
  answers["/token?service=tests&scope=repository%3Aacme%2Fapp%3Apull"] = ({ headers }) => (headers.authorization === `Basic ${auth}` ? { body: { token: "TOKEN", access_token: "TOKEN" } } : { status: 401 });
  return answers;
}

beforeEach(() => {
  rmSync(join(folder, "evidence"), { recursive: true, force: true });
  rmSync(join(folder, "config.json"), { force: true });
  registry.answers = plain;
  seen.length = 0;
});

const verify = (reference, ...argv) => run("verify-image", reference, "--policy", rules, ...argv);
const amd64 = ["--platform", "linux/amd64"];

test("an image: verified, with the digest that the tag led to, what was skipped and what nobody signed", async () => {
  const { status, stdout, stderr } = await verify(`${app}:1.0`, ...amd64);
  assert.deepEqual([status, stderr], [0, ""], stdout);
  assert.match(stdout, /^✔ verified: /u);
  assert.ok(stdout.includes(`\nimage    ${app}@${image.digest} for linux/amd64\n`), stdout);
  assert.match(stdout, /\nunsigned https:\/\/slsa\.dev\/provenance\/v1: nobody signed it, and it counts for nothing\n/u);
  assert.match(stdout, /\nskipped +expected the subject .*\n/u);
  // What anybody may put there does not bury what counts.
  assert.match(stdout, /\n\n· 1 of 3 bundles did not verify, and counted for nothing \(bundle-malformed-json\)\n/u);
  assert.doesNotMatch(stdout, /bundle-not-verified|✘/u);
  assert.match(stdout, /\nasked\n {2}\d+ requests, which --json lists\n$/u);
  assert.match((await verify(`${app}:1.0`, ...amd64, "--format", "markdown")).stdout, /\n1 of 3 bundles did not verify, and counted for nothing \(bundle-malformed-json\)\n/u);
  const { outcome, image: found, unsigned, skipped, evidence } = JSON.parse((await verify(`${app}:1.0`, ...amd64, "--json")).stdout);
  assert.deepEqual([outcome, found.digest, unsigned.length, skipped.map(({ code }) => code), evidence.length], ["judged", image.digest, 1, ["malformed"], 3]);
});

test("evidence about the index counts for its image", async () => {
  const { status, stdout } = await verify(`${app}:1.0`, "--platform", "linux/arm64");
  assert.equal(status, 0, stdout);
  assert.match(stdout, /^✔ verified: all 2 requirements are met, by 1 bundle\n/u);
});

test("an image: none found, refused, not to be had, and no such platform", async () => {
  const none = await verify(`${app}:bare`);
  assert.equal(none.status, 1);
  assert.ok(none.stdout.startsWith(`✘ none found: there is no evidence about ${app}:bare\n\nimage    ${app}@${bare.digest}\n`), none.stdout);
  const other = file("other.json", { version: 1, signers: [{ issuer: "https://issuer.example", identity: "x" }] });
  const refused = await run("verify-image", `${app}@${image.digest}`, "--policy", other);
  assert.deepEqual([refused.status, /^✘ rejected: /u.test(refused.stdout)], [1, true]);
  // The same next step is told once, however many bundles need it.
  const { stdout } = await verify(`${app}@${mistaken.digest}`);
  assert.deepEqual([stdout.match(/\n {4}artifact-not-a-subject\n/gu)?.length, stdout.match(/\n {6}next: check that /gu)?.length], [2, 1], stdout);
  registry.answers = { [`/v2/acme/app/manifests/1.0`]: { status: 403 } };
  const denied = await verify(`${app}:1.0`);
  assert.match(denied.stdout, /^! no verdict: expected an answer with status 200, found 403/u);
  registry.answers = plain;
  const missing = await verify(`${app}:1.0`, "--platform", "plan9/mips");
  assert.deepEqual([missing.status, missing.stdout], [2, ""]);
  assert.equal(missing.stderr, "no-such-platform: expected an image for `plan9/mips`, found images for `linux/amd64`, `linux/arm64`\n");
  const unknown = await verify(`${app}:2.0`);
  assert.equal(unknown.stdout, `✘ none found: the registry has no ${app}:2.0, or does not show it to everybody\n\nasked\n  404 ${origin}/v2/acme/app/manifests/2.0\n`);
});

test("what an index calls its platforms cannot draw on the terminal, nor fill it", async () => {
  const hostile = new Contents();
  const names = ["linux/a\n✔ verified", "linux/b\u{1b}[2J", "linux/c\u{202e}46dma", "linux/d\\`e", ...Array.from({ length: 40 }, (_, at) => `linux/x${at + 10}`)];
  hostile.index(Object.fromEntries(names.map((name) => [name, hostile.image()])), "hostile");
  hostile.index({ [`linux/${"long".repeat(10_000)}`]: hostile.image() }, "long");
  registry.answers = hostile.routes("acme/app");
  const { status, stdout, stderr } = await verify(`${app}:hostile`, ...amd64);
  assert.deepEqual([status, stdout], [2, ""]);
  assert.ok(stderr.startsWith("no-such-platform: expected an image for `linux/amd64`, found images for `linux/a\\u{a}\\u{2714} verified`, `linux/b\\u{1b}[2J`, `linux/c\\u{202e}46dma`, `linux/d\\\\\\`e`, `linux/x10`, "), stderr);
  assert.ok(stderr.endsWith(", `linux/x21` and 28 more\n"), stderr);
  assert.match((await verify(`${app}:long`, ...amd64)).stderr, /^.{200,400}…`\n$/u);
});

test("docker's passwords go to the registry that they are for", async () => {
  registry.answers = guarded();
  const without = await verify(`${app}@${image.digest}`);
  assert.match(without.stdout, /^! no verdict: .*found 401/u);
  login({ "registry.example": { auth }, [`${host}.example`]: { auth }, "ghcr.io": { auth } });
  assert.match((await verify(`${app}@${image.digest}`)).stdout, /^! no verdict: .*found 401/u);
  assert.ok(seen.every(([, authorization]) => authorization === undefined));
  for (const name of [host, `http://${host}/v2/`]) {
    login({ "registry.example": { auth: "eDp5" }, [name]: { auth } });
    assert.match((await verify(`${app}@${image.digest}`)).stdout, /^✔ verified: /u);
  }
  login({ [host]: {} });
  assert.match((await verify(`${app}@${image.digest}`)).stdout, /^! no verdict/u);
  file("config.json", "{");
  const wrong = await verify(`${app}@${image.digest}`);
  assert.deepEqual([wrong.status, wrong.stdout], [2, ""]);
  assert.match(wrong.stderr, /docker's file of passwords is no JSON/u);
});

test("an image saved, and judged without a network, a password, or anything of either in the folder", async () => {
  registry.answers = guarded();
  login({ [host]: { auth } });
  const had = await run("download", "image", `${app}:1.0`, ...amd64, "--to", "evidence");
  assert.deepEqual([had.status, had.stderr], [0, ""], had.stdout);
  assert.match(had.stdout, /^saved in evidence: 3 bundles about .*; nothing is verified yet\n/u);
  assert.ok(had.stdout.endsWith(`\nnext: admissible verify-image ${app}:1.0 --platform linux/amd64 --repo OWNER/NAME --offline evidence\n`), had.stdout);
  const names = readdirSync(join(folder, "evidence"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const everything = names.map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), "utf8")).join("\n");
  assert.doesNotMatch(everything + had.stdout, new RegExp(`TOKEN|KEY|PASSWORD|${auth}`, "u"));
  registry.answers = {};
  rmSync(join(folder, "config.json"));
  seen.length = 0;
  const judged = await verify(`${app}:1.0`, ...amd64, "--offline", "evidence");
  assert.equal(judged.status, 0, judged.stdout);
  assert.match(judged.stdout, /^✔ verified: [^]*\nanswered from evidence, nobody was asked\n/u);
  const other = await verify(`${app}:1.0`, "--platform", "linux/arm64", "--offline", "evidence");
  assert.equal(other.status, 1);
  assert.match(other.stdout, /^! no verdict: expected a saved answer, found none .*\n {2}next: admissible download image .* --platform linux\/arm64 --to evidence\n$/u);
  assert.deepEqual(seen, []);
});

test("signatures and attestations of an image that were saved are tried by a policy as one artifact", async () => {
  const had = await run("download", "image", `${app}:signed`, "--to", "evidence");
  assert.match(had.stdout, /^saved in evidence: 3 bundles about /u);
  const { status, stdout } = await run("policy", "dry-run", rules, "evidence/bundles", "--json");
  const { unreadable, artifacts } = JSON.parse(stdout);
  assert.deepEqual([status, unreadable, artifacts.map(({ verdict, bundles }) => [verdict, bundles])], [0, [], [["verified", 3]]]);
});

test("an image as SARIF and as Markdown", async () => {
  const log = JSON.parse((await verify(`${app}:bare`, "--format", "sarif")).stdout);
  assert.deepEqual(sarifErrors(log), []);
  const [{ results: [result], properties }] = log.runs;
  assert.deepEqual([result.ruleId, result.locations[0].logicalLocations[0].fullyQualifiedName, properties.image.digest], ["none-found", `${app}:bare`, bare.digest]);
  const { stdout } = await verify(`${app}:1.0`, ...amd64, "--format", "markdown");
  assert.match(stdout, /^### ✔ verified: /u);
  assert.ok(stdout.includes(`| image | \`${app}@${image.digest}\` for \`linux/amd64\` |`), stdout);
});

test("who must have signed: a repository, a signer or a policy", async () => {
  file("key.pem", policy.signers[0].publicKey);
  for (const [flags, pattern] of [
    [["--key", "key.pem"], /^✘ rejected: /u],
    [["--repo", "acme/app"], /^✘ rejected: `signers`/u],
    [["--certificate-identity", "x", "--certificate-oidc-issuer", "https://issuer.example"], /^✘ rejected: /u],
  ]) {
    const { status, stdout } = await run("verify-image", `${app}@${image.digest}`, ...flags);
    assert.equal(status, 1);
    assert.match(stdout, pattern);
  }
  seen.length = 0;
  for (const [argv, message] of [
    [[], /name the image/u],
    [[app], /which evidence is enough\?/u],
    [[app, "--repo", "a/b", "--policy", rules], /--policy and --repo exclude each other/u],
    [[app, "--repo", "a/b", "--key", "key.pem"], /--repo and --key exclude each other/u],
    [[app, "--policy", rules, "--key", "key.pem"], /--policy and --key exclude each other/u],
    [[app, "--policy", rules, "--promise-only"], /--policy and --promise-only exclude each other/u],
    [[app, "--promise-only"], /which evidence is enough\?/u],
    [[app, "--certificate-identity", "x"], /--certificate-oidc-issuer is missing/u],
    [["Not An Image", "--policy", rules], /invalid-image-name/u],
    [[`${app}:1.0`, "--policy", rules, "--platform", "linux"], /^invalid-platform: /u],
  ]) {
    const { status, stdout, stderr } = await run("verify-image", ...argv);
    assert.deepEqual([status, stdout], [2, ""], argv.join(" "));
    assert.match(stderr, message);
  }
  assert.equal((await run("verify-image", "--help")).stdout, (await run("help", "verify-image")).stdout);
});
