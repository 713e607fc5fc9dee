// Images and the evidence about them, at a real registry: open, with a password, and with a token service.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Contents, bundle, mediaTypes } from "../../js/test/images.mjs";
import { unavailable } from "../../js/test/loopback.mjs";
import { createVerifierSync } from "../../js/dist/entries/node.js";
import { imageEvidence } from "../../js/dist/sources/oci.js";
import { registry, user } from "./oci/registry.mjs";

const contents = new Contents();
const image = contents.image("1.0");
contents.fallback(image, [contents.referrer(image, bundle(image.digest))]);
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
      assert.deepEqual(evidence.pieces.map(({ from, about }) => [from.replace(/^.*\/(?=sha256)|sha256[:-][0-9a-f]{64}(?=$)/gu, "").replace(/^sha256-[0-9a-f]{64}/u, ""), about]), [
        [".sig", image.digest], [".sig", image.digest], [".att", image.digest], ["", image.digest],
      ]);
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
