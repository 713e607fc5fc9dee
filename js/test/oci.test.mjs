// From the name of an image to a verdict, against a registry on loopback that lists referrers or does not, and in which others have written too.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { createVerifierSync } from "../dist/entries/node.js";
import { Recording, replay } from "../dist/offline/index.js";
import { imageEvidence, verifyImage } from "../dist/sources/oci.js";
import { bundle, Contents, mediaTypes, policy, statement } from "./images.mjs";
import { fetched, loopback, unavailable } from "./loopback.mjs";

const { origin, play, seen } = await loopback();
const host = origin.slice("http://".length);
const app = `${host}/acme/app`;
const fast = { retries: 0, timeout: 5000 };
const verifier = createVerifierSync();
const verify = (reference, options = {}) => verifyImage(verifier, reference, { ...fast, policy, ...options });
const find = (reference, options = {}) => imageEvidence(verifier, reference, { ...fast, ...options });
const paths = (asked) => asked.map(({ url, status }) => [url.replace(`${origin}/v2/acme/app`, ""), status]);

test("an image by its tag: referrers, and where each of them was", async () => {
  const contents = new Contents();
  const image = contents.image("1.0");
  const text = bundle(image.digest);
  const referrer = contents.referrer(image, text);
  play(contents.routes("acme/app", { [image.digest]: [referrer, { ...contents.image(), artifactType: "application/vnd.example.sbom" }] }));
  const { outcome, evaluation, evidence } = await verify(`${app}:1.0`);
  assert.deepEqual([outcome, evaluation.verdict], ["judged", "verified"]);
  assert.deepEqual(evidence.image, { pinned: `${app}@${image.digest}`, digest: image.digest, mediaType: mediaTypes.manifest, size: image.size });
  assert.deepEqual(evidence.pieces, [{
    bundle: text,
    at: "/layers/0",
    from: `${origin}/v2/acme/app/manifests/${referrer.digest}`,
    about: image.digest,
    predicateType: "https://example.com/checked/v1",
  }]);
  assert.deepEqual([evidence.bundles.length, evidence.indexes, evidence.unsigned, evidence.skipped], [1, [], [], []]);
  const tag = image.digest.replace(":", "-");
  assert.deepEqual(paths(evidence.asked).sort(), [
    ["/manifests/1.0", 200], [`/manifests/${tag}.sig`, 404], [`/manifests/${tag}.att`, 404], [`/referrers/${image.digest}`, 200],
    [`/manifests/${referrer.digest}`, 200], [`/blobs/${contents.documents.has(referrer.digest) && JSON.parse(contents.documents.get(referrer.digest).bytes).layers[0].digest}`, 200],
  ].sort());
});

test("an image by its digest, and by no tag at all", async () => {
  const contents = new Contents();
  const image = contents.image("latest");
  contents.fallback(image, [contents.referrer(image, bundle(image.digest))]);
  play(contents.routes("acme/app"));
  for (const reference of [app, `${app}:2.0@${image.digest}`, `${app}@${image.digest}`]) {
    const { outcome, evaluation } = await verify(reference);
    assert.deepEqual([outcome, evaluation.verdict], ["judged", "verified"], reference);
  }
  const other = contents.image();
  play({ [`/v2/acme/app/manifests/${image.digest}`]: contents.routes("acme/app")[`/v2/acme/app/manifests/${other.digest}`] });
  await unavailable(find(`${app}@${image.digest}`), "malformed", 200);
  assert.equal((await fetched(find("not an image"))).code, "invalid-image-name");
  assert.equal((await fetched(find(app, { platfrom: "linux/amd64" }))).at, "/platfrom");
});

test("what is listed under a digest that the registry takes for none hides nothing", async () => {
  const contents = new Contents();
  const image = contents.image("1.0");
  const good = contents.referrer(image, bundle(image.digest));
  const odd = [`blake3:${"0".repeat(64)}`, `sha512:${"0".repeat(128)}`];
  const withLayer = (digest) => contents.referrer(image, undefined, { layers: [{ mediaType: mediaTypes.bundle, digest, size: 3 }] });
  const listed = [...odd.map((digest) => ({ ...good, digest })), ...odd.map(withLayer), good];
  const invalid = { status: 400, body: { errors: [{ code: "DIGEST_INVALID" }] } };
  const odds = odd.flatMap((digest) => ["manifests", "blobs"].map((kind) => [`/v2/acme/app/${kind}/${digest}`, invalid]));
  play({ ...contents.routes("acme/app", { [image.digest]: listed }), ...Object.fromEntries(odds) });
  const { outcome, evaluation, evidence } = await verify(`${app}:1.0`);
  assert.deepEqual([outcome, evaluation.verdict], ["judged", "verified"]);
  assert.deepEqual(evidence.skipped.map(({ code }) => code), ["malformed", "malformed", "malformed", "malformed"]);
  assert.ok(seen.every(({ url }) => !url.includes("blake3")));
  // Nobody's digest but that of the caller: what the registry says of it is told.
  play({ [`/v2/acme/app/manifests/${odd[1]}`]: invalid });
  await unavailable(find(`${app}@${odd[1]}`), "refused", 400);
});

test("an image by its SHA-512: evidence that names it by its SHA-256, and the reverse", async () => {
  const sha512 = (bytes) => `sha512:${createHash("sha512").update(bytes).digest("hex")}`;
  const platform = "linux/amd64";
  const contents = new Contents();
  const [image, plain] = [contents.image(), contents.image()];
  const index = contents.index({ [platform]: image });
  const [byIndex, byImage] = [index, plain].map(({ digest }) => sha512(contents.documents.get(digest).bytes));
  contents.cosign(plain);
  const referrer = contents.referrer(index, bundle(index.digest));
  const routes = contents.routes("acme/app", { [index.digest]: [referrer] });
  for (const [name, { digest }] of [[byIndex, index], [byImage, plain]]) {
    const { body, headers } = routes[`/v2/acme/app/manifests/${digest}`];
    routes[`/v2/acme/app/manifests/${name}`] = { body, headers: { "content-type": headers["content-type"], "docker-content-digest": name } };
  }
  play(routes);
  for (const [reference, options] of [[`${app}@${byImage}`, {}], [`${app}@${byIndex}`, {}], [`${app}@${byIndex}`, { platform }]]) {
    const { outcome, evaluation } = await verify(reference, { ...options, policy: { ...policy, subject: { pinned: "require" } } });
    assert.deepEqual([outcome, evaluation.verdict], ["judged", "verified"], JSON.stringify(evaluation, undefined, 1));
  }
  const { image: told } = await find(`${app}@${byImage}`);
  assert.deepEqual([told.digest, told.sha256, told.pinned], [byImage, plain.digest, `${app}@${byImage}`]);
});

test("none found, with all that was asked, and an image that is not there", async () => {
  const contents = new Contents();
  const image = contents.image("1.0");
  play(contents.routes("acme/app"));
  const none = await verify(`${app}:1.0`);
  assert.deepEqual([none.outcome, none.evaluation.verdict], ["none-found", "rejected"]);
  const tag = image.digest.replace(":", "-");
  const asked = [["/manifests/1.0", 200], [`/manifests/${tag}.sig`, 404], [`/manifests/${tag}.att`, 404], [`/referrers/${image.digest}`, 404], [`/manifests/${tag}`, 404]];
  assert.deepEqual(paths(none.evidence.asked).sort(), asked.sort());
  const missing = await verify(`${app}:2.0`);
  assert.deepEqual([missing.outcome, missing.evaluation, missing.evidence.image], ["none-found", undefined, undefined]);
  assert.deepEqual(missing.evidence.asked, [{ url: `${origin}/v2/acme/app/manifests/2.0`, status: 404 }]);
});

test("cosign's tags", async () => {
  const contents = new Contents();
  const image = contents.image("1.0");
  contents.cosign(image);
  play(contents.routes("acme/app"));
  const { pieces } = await find(`${app}:1.0`);
  const at = (suffix) => `${origin}/v2/acme/app/manifests/${image.digest.replace(":", "-")}.${suffix}`;
  assert.deepEqual(pieces.map(({ at: pointer, from }) => [pointer, from]), [["/layers/0", at("sig")], ["/layers/1", at("sig")], ["/layers/0", at("att")]]);
  assert.equal(pieces[2].predicateType, "https://example.com/attested/v1");
  assert.equal(seen.filter(({ url }) => url.includes("/blobs/")).length, 2, "two signatures have one payload");
});

test("for a platform, evidence about the image and about its index", async () => {
  const contents = new Contents();
  const [amd64, arm64] = [contents.image(), contents.image()];
  const index = contents.index({ "linux/amd64": amd64, "linux/arm64/v8": arm64 }, "1.0", [contents.buildkit(amd64), contents.buildkit(arm64)]);
  const aboutImage = contents.referrer(amd64, bundle(amd64.digest));
  const aboutIndex = contents.referrer(index, bundle(index.digest));
  const aboutOther = contents.referrer(arm64, bundle(arm64.digest));
  play(contents.routes("acme/app", { [amd64.digest]: [aboutImage], [index.digest]: [aboutIndex], [arm64.digest]: [aboutOther] }));
  const evidence = await find(`${app}:1.0`, { platform: "linux/amd64" });
  assert.deepEqual(evidence.image, { pinned: `${app}@${amd64.digest}`, digest: amd64.digest, mediaType: mediaTypes.manifest, size: amd64.size, platform: "linux/amd64" });
  assert.deepEqual(evidence.pieces.map(({ about }) => about), [amd64.digest, index.digest]);
  assert.deepEqual(evidence.indexes.map((bytes) => Buffer.from(bytes)), [contents.documents.get(index.digest).bytes]);
  assert.deepEqual(evidence.unsigned.map(({ about, statement: { predicateType } }) => [about, predicateType]), [[amd64.digest, "https://slsa.dev/provenance/v1"]]);
  assert.deepEqual(evidence.skipped, []);
  const whole = await find(`${app}:1.0`);
  assert.deepEqual([whole.image.digest, whole.pieces.map(({ about }) => about), whole.indexes, whole.unsigned], [index.digest, [index.digest], [], []]);
  assert.equal((await fetched(find(`${app}:1.0`, { platform: "linux/s390x" }))).code, "no-such-platform");
  assert.equal((await fetched(find(`${app}@${amd64.digest}`, { platform: "linux/amd64" }))).code, "no-such-platform", "an image alone is for no platform that we know");
  assert.equal((await fetched(find(`${app}:1.0`, { platform: "amd64" }))).code, "invalid-platform");
  const routes = contents.routes("acme/app", { [index.digest]: [aboutIndex] });
  play(routes);
  const { outcome, evaluation } = await verify(`${app}:1.0`, { platform: "linux/amd64" });
  assert.deepEqual([outcome, evaluation.verdict], ["judged", "verified"], "by evidence about the index alone");
  const at = (digest) => `/v2/acme/app/manifests/${digest}`;
  play({ ...routes, [at(amd64.digest)]: { ...routes[at(arm64.digest)], headers: { "content-type": mediaTypes.manifest } } });
  await unavailable(find(`${app}:1.0`, { platform: "linux/amd64" }), "malformed", 200);
  play({ ...routes, [at(amd64.digest)]: { status: 404 } });
  const gone = await find(`${app}:1.0`, { platform: "linux/amd64" });
  assert.deepEqual([gone.image, gone.bundles, gone.asked.at(-1).status], [undefined, [], 404]);
});

test("what BuildKit wrote about another image than it says is skipped", async () => {
  const contents = new Contents();
  const [amd64, arm64] = [contents.image(), contents.image()];
  contents.index({ "linux/amd64": amd64 }, "1.0", [contents.buildkit(amd64, statement(arm64.digest)), contents.buildkit(amd64), contents.buildkit(amd64, '{"predicateType":"x"}')]);
  play(contents.routes("acme/app"));
  const { unsigned, skipped } = await find(`${app}:1.0`, { platform: "linux/amd64" });
  assert.deepEqual([unsigned.map(({ about }) => about), skipped.map(({ code }) => code)], [[amd64.digest], ["malformed", "malformed"]]);
});

test("an index within an index", async () => {
  const contents = new Contents();
  const image = contents.image();
  const inner = contents.index({ "linux/amd64": image }, undefined, [contents.buildkit(image)]);
  const outer = contents.document({ mediaType: mediaTypes.index, manifests: [inner] }, "1.0");
  play(contents.routes("acme/app"));
  const evidence = await find(`${app}:1.0`, { platform: "linux/amd64" });
  assert.deepEqual(evidence.indexes.map((bytes) => Buffer.from(bytes)), [outer, inner].map(({ digest }) => contents.documents.get(digest).bytes));
  assert.deepEqual([evidence.image.digest, evidence.unsigned.length], [image.digest, 1]);
  const routes = contents.routes("acme/app");
  delete routes[`/v2/acme/app/manifests/${inner.digest}`];
  play(routes);
  await unavailable(find(`${app}:1.0`, { platform: "linux/amd64" }), "malformed", 404);
});

test("what is malformed hides nothing, and is told", async () => {
  const contents = new Contents();
  const [image, other] = [contents.image("1.0"), contents.image()];
  const tag = image.digest.replace(":", "-");
  const good = contents.referrer(image, bundle(image.digest));
  const bad = {
    "about another image": contents.referrer(other, bundle(other.digest)),
    "not there": { ...good, digest: `sha256:${"0".repeat(64)}` },
    "the good one, of another size": { ...good, size: 7 },
    "the good one, of another type": { ...good, mediaType: mediaTypes.index },
    "of another size": { ...contents.referrer(image, bundle(image.digest, "https://example.com/1")), size: 7 },
    "without its layer": contents.referrer(image, undefined, { layers: [{ mediaType: mediaTypes.bundle, digest: `sha256:${"1".repeat(64)}`, size: 3 }] }),
    "with a layer of another size": contents.referrer(image, undefined, { layers: [{ ...contents.blob("{}", mediaTypes.bundle), size: 3 }] }),
    ...Object.fromEntries(Array.from({ length: 6 }, (_, number) => [
      `without a large layer ${number}`,
      contents.referrer(image, undefined, { layers: [{ mediaType: mediaTypes.bundle, digest: `sha256:${String(number).repeat(64)}`, size: 16 * 1024 * 1024 }] }),
    ])),
    "with an envelope that is none": contents.referrer(image, undefined, { layers: [contents.blob("{}", mediaTypes.envelope)] }),
    "with a layer that is too large": contents.referrer(image, undefined, { layers: [{ mediaType: mediaTypes.bundle, digest: `sha256:${"2".repeat(64)}`, size: 2 ** 30 }] }),
  };
  const routes = contents.routes("acme/app", { [image.digest]: [...Object.values(bad), good, { ...good, size: 8 }] });
  routes[`/v2/acme/app/manifests/${tag}.sig`] = { headers: { "content-type": "text/html" }, body: "<!doctype html>" };
  routes[`/v2/acme/app/manifests/${tag}.att`] = contents.routes("acme/app")[`/v2/acme/app/manifests/${contents.index({}).digest}`] ?? {};
  play(routes);
  const { outcome, evaluation, evidence } = await verify(`${app}:1.0`);
  assert.deepEqual([outcome, evaluation.verdict, evidence.bundles.length], ["judged", "verified", 1], evidence.skipped.join("\n"));
  assert.ok(evidence.skipped.length >= Object.keys(bad).length + 1, evidence.skipped.map(String).join("\n"));
  for (const { name, code, url, message } of evidence.skipped) {
    assert.equal(name, "SourceUnavailable");
    assert.ok(["malformed", "too-large"].includes(code) && url.startsWith(origin), message);
    assert.match(message, /^expected .*, found /u);
  }
});

test("what is no evidence is left where it is", async () => {
  const contents = new Contents();
  const image = contents.image("1.0");
  const [readme, unsigned] = [contents.blob("read me", "text/markdown"), contents.blob(statement(image.digest), mediaTypes.statement)];
  play(contents.routes("acme/app", { [image.digest]: [contents.referrer(image, undefined, { layers: [readme, unsigned, contents.blob(bundle(image.digest), mediaTypes.bundle)] })] }));
  const evidence = await find(`${app}:1.0`);
  assert.deepEqual([evidence.pieces.map(({ at }) => at), evidence.unsigned, evidence.skipped], [["/layers/2"], [], []]);
  assert.ok(evidence.asked.every(({ url }) => !url.includes(readme.digest)));
});

test("a list that is none is told, and the one under the tag is asked for", async () => {
  const contents = new Contents();
  const image = contents.image("1.0");
  contents.fallback(image, [contents.referrer(image, bundle(image.digest))]);
  play({ ...contents.routes("acme/app"), [`/v2/acme/app/referrers/${image.digest}`]: { headers: { "content-type": "text/html" }, body: "<!doctype html>" } });
  const evidence = await find(`${app}:1.0`);
  assert.deepEqual([evidence.bundles.length, evidence.skipped.map(({ code }) => code)], [1, ["malformed"]]);
  const other = contents.image("2.0");
  contents.image(other.digest.replace(":", "-"));
  play(contents.routes("acme/app"));
  const none = await find(`${app}:2.0`);
  assert.deepEqual([none.bundles, none.skipped.map(({ code }) => code)], [[], ["malformed"]]);
});

test("a list without end is read so far, and told", async () => {
  const contents = new Contents();
  const image = contents.image("1.0");
  const referrer = contents.referrer(image, bundle(image.digest));
  const routes = contents.routes("acme/app", { [image.digest]: [referrer] });
  const listed = `/v2/acme/app/referrers/${image.digest}`;
  const page = (number) => [`${listed}${number === 0 ? "" : `?n=${number}`}`, { ...routes[listed], headers: { ...routes[listed].headers, link: `<?n=${number + 1}>; rel="next"` } }];
  play({ ...routes, ...Object.fromEntries(Array.from({ length: 20 }, (_, number) => page(number))) });
  const evidence = await find(`${app}:1.0`);
  assert.deepEqual([evidence.bundles.length, evidence.skipped.map(({ code, url }) => [code, url])], [1, [["too-large", `${origin}${listed}?n=16`]]]);
});

test("what could not be asked for is no verdict", async () => {
  const contents = new Contents();
  const image = contents.image("1.0");
  const referrers = [contents.referrer(image, bundle(image.digest)), contents.referrer(image, bundle(image.digest, "https://example.com/2"))];
  const routes = contents.routes("acme/app", { [image.digest]: referrers });
  for (const url of Object.keys(routes)) {
    if (!url.includes("/manifests/1.0") && !url.includes("/referrers/") && !url.includes(referrers[1].digest)) continue;
    for (const status of [401, 403, 500]) {
      play({ ...routes, [url]: { status } });
      const { outcome, error, evaluation } = await verify(`${app}:1.0`);
      assert.deepEqual([outcome, error?.code, error?.status, evaluation], ["unavailable", "refused", status, undefined], url);
    }
  }
});

// CVE-2023-46737: an image with attestations without end.
test("more evidence than is judged together is not fetched", async () => {
  const contents = new Contents();
  const image = contents.image("1.0");
  contents.cosign(image);
  const many = Array.from({ length: 300 }, (_, number) => contents.referrer(image, bundle(image.digest), { annotations: { number: String(number) } }));
  play(contents.routes("acme/app", { [image.digest]: [...many, ...many] }));
  const evidence = await find(`${app}:1.0`);
  assert.equal(evidence.bundles.length, 256 + 3);
  assert.deepEqual(evidence.skipped.map(({ code }) => code), ["too-large"]);
  const layers = Array.from({ length: 1100 }, (_, number) => contents.blob(`{"number":${number}}`, mediaTypes.bundle));
  play(contents.routes("acme/app", { [image.digest]: [contents.referrer(image, undefined, { layers })] }));
  const full = await find(`${app}:1.0`);
  assert.deepEqual([full.bundles.length, full.skipped.map(({ code }) => code)], [1024, ["too-large"]]);
  const large = Array.from({ length: 8 }, (_, number) => contents.blob(Buffer.alloc(12 * 1024 * 1024, `${number}`), mediaTypes.bundle));
  play(contents.routes("acme/app", { [image.digest]: [contents.referrer(image, undefined, { layers: large })] }));
  const heavy = await find(`${app}:1.0`);
  assert.deepEqual([heavy.bundles.length, heavy.skipped.map(({ code }) => code)], [3 + 6, ["too-large"]]);
});

test("what was saved is judged without a network, and without credentials", async () => {
  const contents = new Contents();
  const [amd64, arm64] = [contents.image(), contents.image()];
  const index = contents.index({ "linux/amd64": amd64, "linux/arm64": arm64 }, "1.0", [contents.buildkit(amd64)]);
  contents.fallback(index, [contents.referrer(index, bundle(index.digest))]);
  contents.cosign(amd64);
  const routes = contents.routes("acme/app");
  for (const status of [404, 400, 405, 406]) {
    const fetch = async (url, { headers: { authorization } }) => {
      const { hostname, pathname } = new URL(url);
      if (hostname === "auth.example") return Response.json({ token: "secret-token" });
      if (authorization !== "Bearer secret-token") return new Response(null, { status: 401, headers: { "www-authenticate": 'Bearer realm="https://auth.example/token"' } });
      if (pathname.includes("/referrers/")) return new Response(null, { status });
      const { body, headers } = routes[pathname] ?? {};
      return new Response(body, { headers, status: body === undefined ? 404 : 200 });
    };
    const recording = new Recording(fetch);
    const options = { platform: "linux/amd64" };
    const evidence = await find("registry.example/acme/app:1.0", { ...options, fetch: recording.fetch, credentials: { username: "alice", password: "secret-word" } });
    const files = new Map();
    await recording.save({ read: async (path) => files.get(path), write: async (path, bytes) => void files.set(path, bytes) }, evidence.bundles);
    for (const bytes of files.values()) assert.doesNotMatch(Buffer.from(bytes).toString(), /secret/u);
    const saved = await verify("registry.example/acme/app:1.0", { ...options, fetch: await replay({ read: async (path) => files.get(path) }) });
    assert.deepEqual([saved.outcome, saved.evaluation?.verdict], ["judged", "verified"], `${status}: ${saved.error}`);
    assert.deepEqual({ ...saved.evidence, asked: [] }, { ...evidence, asked: [] });
  }
});
