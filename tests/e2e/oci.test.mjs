// Images and the evidence about them, at a real registry: open, with a password, and with a token service.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Contents, bundle, mediaTypes } from "../../js/test/images.mjs";
import { unavailable } from "../../js/test/loopback.mjs";
import { createVerifierSync } from "../../js/dist/entries/node.js";
import { imageEvidence, verifyImage } from "../../js/dist/sources/oci.js";
import { consumer } from "./consumer.mjs";
import { minted } from "./oci/minted.mjs";
import { registry, user } from "./oci/registry.mjs";
import { everywhere, example } from "./runtimes/asking.mjs";

const contents = new Contents();
const image = contents.image("1.0");
const referrer = contents.referrer(image, bundle(image.digest));
contents.fallback(image, [referrer]);
contents.cosign(image);
const [amd64, arm] = [contents.image(), contents.image()];
const index = contents.index({ "linux/amd64": amd64, "linux/arm/v7": arm }, "2.0", [contents.buildkit(amd64), contents.buildkit(arm)]);
contents.fallback(index, [contents.referrer(index, bundle(index.digest))]);
contents.fallback(arm, [contents.referrer(arm, bundle(arm.digest)), contents.referrer(image, bundle(arm.digest))]);
contents.image("bare");

for (const auth of ["open", "basic", "token"]) {
  describe(`a registry that is ${auth}`, { timeout: 60_000 }, () => {
    let server;
    before(async () => {
      server = await registry(auth);
      await server.push("private/app", contents);
      await server.push("public/app", contents);
    });
    after(() => server?.stop());

    const find = (name, options) => imageEvidence(createVerifierSync(), `${server.host}/${name}`, { retries: 0, timeout: 10_000, ...options });

    test("an image: its referrers, by the list under a tag, and cosign's signatures and attestations", async () => {
      const evidence = await find("private/app:1.0", { credentials: user });
      assert.deepEqual(evidence.image, { pinned: `${server.host}/private/app@${image.digest}`, digest: image.digest, mediaType: mediaTypes.manifest, size: image.size });
      const at = image.digest.replace(":", "-");
      assert.deepEqual(evidence.pieces.map(({ from }) => from.slice(from.lastIndexOf("/") + 1)), [`${at}.sig`, `${at}.sig`, `${at}.att`, referrer.digest]);
      assert.ok(evidence.pieces.every(({ about }) => about === image.digest));
      assert.deepEqual(evidence.skipped, []);
      assert.equal(evidence.asked.filter(({ status }) => status === 401).length, auth === "open" ? 0 : 1);
    });

    test("an image of an index", async () => {
      const options = { credentials: user };
      const whole = await find("private/app:2.0", options);
      assert.deepEqual([whole.image.digest, whole.pieces.map(({ about }) => about)], [index.digest, [index.digest]]);
      const one = await find("private/app:2.0", { ...options, platform: "linux/arm/v7" });
      assert.deepEqual([one.image.digest, one.pieces.map(({ about }) => about)], [arm.digest, [arm.digest, index.digest]]);
      assert.deepEqual(one.skipped.map(({ code }) => code), ["malformed"], "what is listed as a referrer is about another image");
      assert.deepEqual(one.unsigned.map(({ about }) => about), [arm.digest]);
    });

    test("no evidence, and no image", async () => {
      const bare = await find("private/app:bare", { credentials: user });
      assert.deepEqual([bare.bundles, bare.asked.filter(({ status }) => status === 404).length], [[], 4]);
      const missing = await find("private/app:3.0", { credentials: user });
      assert.deepEqual([missing.image, missing.asked.at(-1).status], [undefined, 404]);
    });

    test("who has no credentials gets what everybody may have", async () => {
      const ask = (path, options) => find(`${path}:1.0`, options);
      if (auth === "open") assert.equal((await ask("private/app")).bundles.length, 4);
      else await unavailable(ask("private/app"), "refused", 401);
      if (auth === "basic") await unavailable(ask("public/app"), "refused", 401);
      else assert.equal((await ask("public/app")).bundles.length, 4);
      if (auth !== "open") {
        const { message } = await unavailable(ask("private/app", { credentials: { ...user, password: "wrong" } }), "refused", 401);
        assert.match(message, auth === "token" ? /"incorrect username or password": the credentials may be wrong/u : /the repository may be private/u);
      }
    });
  });
}

describe("tokens of a real token service", { timeout: 60_000 }, () => {
  let server;
  before(async () => {
    server = await registry("token");
    await server.push("private/app", contents);
  });
  after(() => server?.stop());
  const find = (credentials) => imageEvidence(createVerifierSync(), `${server.host}/private/app:1.0`, { retries: 0, credentials });

  test("are for reading one repository, and one is enough for all", async () => {
    assert.equal((await find(user)).bundles.length, 4);
    assert.deepEqual(server.tokens.seen.map(({ service, name, asked }) => [service, name, asked]), [[server.tokens.service, "private/app", "pull"]]);
  });

  test("that have expired are no use, and not fetched for ever", async () => {
    // The registry itself grants a minute more than a token says.
    server.tokens.live(-120);
    server.tokens.seen.length = 0;
    await unavailable(find(user), "refused", 401);
    assert.equal(server.tokens.seen.length, 1);
    server.tokens.live(300);
  });

  test("that the caller has are sent as they are", async () => {
    server.tokens.seen.length = 0;
    assert.equal((await find({ token: server.tokens.token("private/app", ["pull"]) })).bundles.length, 4);
    assert.deepEqual(server.tokens.seen, []);
  });
});

const folder = process.env.ADMISSIBLE_MINTED;
describe("verdicts about an image that the test signer minted", { skip: folder === undefined && "ADMISSIBLE_MINTED is not set: run cargo xtask test", timeout: 300_000 }, () => {
  if (folder === undefined) return;
  const { contents: made, names, trustedRoot, policy } = minted(JSON.parse(readFileSync(join(folder, "image/image.json"), "utf8")));
  const project = consumer();
  let server;
  before(async () => {
    server = await registry("token");
    await server.push("private/app", made);
  });
  after(async () => {
    await server?.stop();
    project.remove();
  });
  const options = () => ({ credentials: user, retries: 0, policy });

  test("by evidence about the index, about the image, and about both; whatever else was put there", async () => {
    const verifier = createVerifierSync({ trustedRoot });
    for (const [tag, platform, verdict, met, image, indexes, unsigned] of [
      ["index", undefined, "verified", 3, "index", [], 0],
      ["index", "linux/amd64", "verified", 4, "amd64", ["index"], 1],
      ["index", "linux/arm64", "verified", 4, "arm64", ["index", "inner"], 0],
      ["amd64", undefined, "verified", 1, "amd64", [], 0],
      ["arm64", undefined, "verified", 1, "arm64", [], 0],
      ["inner", "linux/arm64", "verified", 1, "arm64", ["inner"], 0],
      ["inner", undefined, "rejected", 0, "inner", [], 0],
      ["unsigned", undefined, "rejected", 0, "unsigned", [], 0],
    ]) {
      const reference = `${server.host}/private/app:${tag}`;
      const { outcome, evaluation, evidence } = await verifyImage(verifier, reference, { ...options(), ...(platform !== undefined && { platform }) });
      const what = `${tag} ${platform}: ${evaluation.summary}`;
      assert.deepEqual([outcome, evaluation.verdict, evidence.image.digest], [met === 0 ? "none-found" : "judged", verdict, names[image]], what);
      assert.equal(evaluation.bundles.filter(({ report }) => report.verdict === "passed").length, met, what);
      assert.deepEqual(evidence.indexes.map((bytes) => Buffer.from(bytes)), indexes.map((name) => made.documents.get(names[name]).bytes), what);
      assert.deepEqual([evidence.unsigned.length, evidence.skipped], [unsigned, []], what);
    }
  });

  test("a tag can be required to be pinned", async () => {
    const verifier = createVerifierSync({ trustedRoot });
    const pinned = { ...policy, subject: { pinned: "require" } };
    const verify = (reference) => verifyImage(verifier, reference, { ...options(), policy: pinned });
    const loose = await verify(`${server.host}/private/app:index`);
    assert.deepEqual(loose.evaluation.requirements.filter(({ met }) => !met).map(({ failures }) => failures[0].code), ["subject-not-pinned"]);
    const { evaluation } = await verify(loose.evidence.image.pinned);
    assert.equal(evaluation.verdict, "verified");
    const warned = await verifyImage(verifier, `${server.host}/private/app:index`, options());
    assert.deepEqual([warned.evaluation.verdict, warned.evaluation.findings[0].code], ["verified", "tag-not-pinned"]);
  });

  const program = () => `
import { createVerifier } from "admissible";
import { verifyImage } from "admissible/oci";

const credentials = ${JSON.stringify(user)};
export async function outcomes() {
  const verifier = await createVerifier({ trustedRoot: ${JSON.stringify(trustedRoot)} });
  const found = [];
  for (const [tag, options] of [["index", {}], ["index", { platform: "linux/arm64" }], ["unsigned", {}], ["nothing", {}], ["index", { credentials: { ...credentials, password: "wrong" } }]]) {
    found.push(await verifyImage(verifier, "${server.host}/private/app:" + tag, { credentials, retries: 0, policy: ${JSON.stringify(policy)}, ...options }));
  }
  return found.map(({ outcome, evaluation, error }) => [outcome, evaluation?.verdict ?? error?.code ?? null]);
}
`;
  everywhere(project, "images", program, (outcomes) => {
    assert.deepEqual(outcomes, [["judged", "verified"], ["judged", "verified"], ["none-found", "rejected"], ["none-found", null], ["unavailable", "refused"]]);
  });

  test("examples/image.mjs", async () => {
    const environment = { REGISTRY_USER: user.username, REGISTRY_PASSWORD: user.password };
    const found = await example(project, "image.mjs", [`${server.host}/private/app:index`, "acme/app", "linux/amd64"], environment);
    assert.equal(found.status, 1);
    assert.match(found.text, new RegExp(`^judged rejected: .*\n${server.host}/private/app@${names.amd64}\nhttp`, "u"));
    const refused = await example(project, "image.mjs", [`${server.host}/private/app:index`, "acme/app"]);
    assert.deepEqual([refused.status, /^unavailable .*\n$/u.test(refused.text)], [1, true], refused.text);
  });
});
