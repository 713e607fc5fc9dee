// The client of OCI registries, against one on loopback that answers as they do, and as they should not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifierSync } from "../dist/entries/node.js";
import { Fetcher } from "../dist/sources/fetching.js";
import { readChallenges } from "../dist/sources/oci/challenge.js";
import { Registry } from "../dist/sources/oci/registry.js";
import { Contents, mediaTypes, sha256 } from "./images.mjs";
import { loopback, unavailable } from "./loopback.mjs";

const { origin, elsewhere, play, seen } = await loopback();
const host = origin.slice("http://".length);

const verifier = createVerifierSync();
const { manifest: manifestType, index: indexType } = mediaTypes;
const contents = new Contents();
const { digest } = contents.image();
const [{ bytes: manifest }, { bytes: index }] = [digest, contents.index({}).digest].map((one) => contents.documents.get(one));
const good = { headers: { "content-type": `${manifestType}; charset=utf-8`, "docker-content-digest": digest }, body: manifest };
const at = "/v2/acme/app/manifests/1.0";
const listed = `/v2/acme/app/referrers/${digest}`;

/** A repository on loopback, or what `fetch` makes of it. */
function repository({ registry = host, repository: path = "acme/app", fetch, credentials, plainHttp, ...fetching } = {}) {
  const fetcher = new Fetcher({ retries: 0, timeout: 5000, ...(fetch !== undefined && { fetch }), ...fetching }, []);
  const options = { ...(credentials !== undefined && { credentials }), ...(plainHttp !== undefined && { plainHttp }) };
  return { registry: new Registry(verifier, fetcher, { ...(registry !== null && { registry }), repository: path }, options), asked: fetcher.asked };
}

/** The URL that is asked for, and the registry's name. */
async function place(name) {
  let url;
  const { registry } = repository({ ...name, fetch: async (asked) => ((url = asked), new Response(null, { status: 404 })) });
  await registry.manifest("1.0");
  return [url, registry.name];
}

test("names of images lead where Docker takes them", async () => {
  for (const [name, url, full] of [
    [{ registry: null, repository: "alpine" }, "https://registry-1.docker.io/v2/library/alpine/manifests/1.0", "docker.io/library/alpine"],
    [{ registry: null }, "https://registry-1.docker.io/v2/acme/app/manifests/1.0", "docker.io/acme/app"],
    [{ registry: "docker.io", repository: "alpine" }, "https://registry-1.docker.io/v2/library/alpine/manifests/1.0", "docker.io/library/alpine"],
    [{ registry: "index.docker.io" }, "https://registry-1.docker.io/v2/acme/app/manifests/1.0", "docker.io/acme/app"],
    [{ registry: "GHCR.io", repository: "app" }, "https://ghcr.io/v2/app/manifests/1.0", "ghcr.io/app"],
    [{ registry: "registry.example:5000" }, "https://registry.example:5000/v2/acme/app/manifests/1.0", "registry.example:5000/acme/app"],
    [{ registry: "registry.example:5000", plainHttp: true }, "http://registry.example:5000/v2/acme/app/manifests/1.0", "registry.example:5000/acme/app"],
    [{ registry: "localhost" }, "http://localhost/v2/acme/app/manifests/1.0", "localhost/acme/app"],
    [{ registry: "127.9.8.7:5000" }, "http://127.9.8.7:5000/v2/acme/app/manifests/1.0", "127.9.8.7:5000/acme/app"],
    [{ registry: "[::1]:5000" }, "http://[::1]:5000/v2/acme/app/manifests/1.0", "[::1]:5000/acme/app"],
    [{ registry: "localhost:5000", plainHttp: false }, "https://localhost:5000/v2/acme/app/manifests/1.0", "localhost:5000/acme/app"],
    [{ registry: "localhost.example" }, "https://localhost.example/v2/acme/app/manifests/1.0", "localhost.example/acme/app"],
    [{ registry: "127.0.0.1.example" }, "https://127.0.0.1.example/v2/acme/app/manifests/1.0", "127.0.0.1.example/acme/app"],
  ]) {
    assert.deepEqual(await place(name), [url, full]);
  }
  assert.throws(() => repository({ registry: "registry.example:99999" }), { name: "UsageError", code: "invalid-argument" });
});

test("a manifest, an index, and what is not there", async () => {
  play({ [at]: good, "/v2/acme/app/manifests/2.0": { headers: { "content-type": indexType }, body: index }, "/v2/acme/app/manifests/bare": { body: manifest } });
  const { registry, asked } = repository();
  const found = await registry.manifest("1.0", { digest, size: manifest.length, mediaType: manifestType });
  assert.deepEqual([found.document.kind, found.document.digest, Buffer.from(found.bytes), found.url], ["manifest", digest, manifest, origin + at]);
  for (const type of [manifestType, indexType, "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json"]) {
    assert.ok(seen[0].headers.accept.split(", ").includes(type), type);
  }
  assert.equal((await registry.manifest("2.0")).document.kind, "index");
  assert.equal((await registry.manifest("bare")).document.digest, digest);
  assert.equal(await registry.manifest("3.0"), undefined);
  assert.deepEqual(asked.map(({ status }) => status), [200, 200, 200, 404]);
});

test("a manifest that is not what it should be is malformed", async () => {
  const other = sha256("other");
  for (const [why, answer, expected] of [
    ["the registry's own digest", { ...good, headers: { ...good.headers, "docker-content-digest": other } }],
    ["no digest", { ...good, headers: { ...good.headers, "docker-content-digest": "1.0" } }],
    ["another content", good, { digest: other }],
    ["longer", good, { size: manifest.length - 1 }],
    ["shorter", good, { size: manifest.length + 1 }],
    ["another type within", { headers: { "content-type": indexType }, body: manifest }],
    ["another type than was named", good, { mediaType: indexType }],
    ["a page", { headers: { "content-type": "text/html" }, body: "<!doctype html>" }],
    ["a page that is said to be a manifest", { headers: { "content-type": manifestType }, body: "<!doctype html>" }],
    ["nothing", { headers: { "content-type": manifestType } }],
  ]) {
    play({ [at]: answer });
    const { message, url } = await unavailable(repository().registry.manifest("1.0", expected), "malformed", 200);
    assert.equal(url, origin + at);
    assert.match(message, /^expected .*, found .* \(http/u, why);
  }
  play({ [at]: { headers: { "content-type": "Text/HTML; charset=utf-8" }, body: manifest } });
  assert.match((await unavailable(repository().registry.manifest("1.0"), "malformed", 200)).message, /^expected the media type .*, found "text\/html" /u);
  play({ [at]: { headers: { "content-type": "text/\u00a0html" }, body: "x" } });
  assert.doesNotMatch((await unavailable(repository().registry.manifest("1.0"), "malformed", 200)).message, /[^\x20-\x7e\u00a0]/u);
});

test("bytes without end are given up at the limit, and too slow ones at the time", async () => {
  const endless = (_request, response) => {
    response.writeHead(200, { "content-type": manifestType });
    const more = () => response.destroyed || response.write(Buffer.alloc(1024 * 1024), more);
    more();
  };
  play({ [at]: endless, "/v2/acme/app/blobs/sha256:aa": endless });
  assert.match((await unavailable(repository().registry.manifest("1.0"), "too-large")).message, /at most 4194304 bytes/u);
  assert.match((await unavailable(repository().registry.blob({ digest: "sha256:aa", size: 10 }), "too-large")).message, /at most 10 bytes/u);
  play({ [at]: (_request, response) => {
    response.writeHead(200, { "content-type": manifestType });
    const drip = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(drip));
  } });
  await unavailable(repository({ timeout: 200 }).registry.manifest("1.0"), "timed-out");
  // A refusal that does not end is one all the same, and not read for long.
  let pulled = 0;
  const refusing = async () => new Response(new ReadableStream({ pull: (controller) => void controller.enqueue(new Uint8Array((pulled += 1024) && 1024)) }), { status: 403 });
  await unavailable(repository({ fetch: refusing }).registry.manifest("1.0"), "refused", 403);
  assert.ok(pulled < 64 * 1024, `${pulled}`);
});

test("a blob has the size that its descriptor names", async () => {
  play({ "/v2/acme/app/blobs/sha256:aa": { body: "0123456789" } });
  const { registry, asked } = repository();
  assert.equal(Buffer.from(await registry.blob({ digest: "sha256:aa", size: 10 })).toString(), "0123456789");
  assert.equal(await registry.blob({ digest: "sha256:bb", size: 10 }), undefined);
  await unavailable(registry.blob({ digest: "sha256:aa", size: 9 }), "too-large");
  await unavailable(registry.blob({ digest: "sha256:aa", size: 11 }), "malformed", 200);
  const requests = seen.length;
  await unavailable(registry.blob({ digest: "sha256:aa", size: 16 * 1024 * 1024 + 1 }), "too-large");
  assert.deepEqual([seen.length, asked.length], [requests, 3], "what is said to be too large is not asked for");
});

test("credentials follow no blob to another host", async () => {
  const guarded = ({ headers }) => {
    if (headers.authorization === undefined) return { status: 401, headers: { "www-authenticate": "Basic" } };
    return { status: 307, headers: { location: `${elsewhere}/storage?sig=1` } };
  };
  play({ "/v2/acme/app/blobs/sha256:aa": guarded, "/storage?sig=1": { body: "0123456789" } });
  const { registry } = repository({ credentials: { username: "alice", password: "secret" } });
  assert.equal((await registry.blob({ digest: "sha256:aa", size: 10 })).length, 10);
  assert.deepEqual(seen.map(({ url, headers }) => [url, headers.authorization !== undefined]), [["/v2/acme/app/blobs/sha256:aa", false], ["/v2/acme/app/blobs/sha256:aa", true], ["/storage?sig=1", false]]);
});

test("referrers: pages one after the other, and none", async () => {
  const page = (link) => ({ headers: { "content-type": indexType, ...(link !== undefined && { link: `<${link}>; rel="next"` }) }, body: index });
  play({ [listed]: page(`${listed}?n=2`), [`${listed}?n=2`]: page() });
  const { pages, rest } = await repository().registry.referrers(digest);
  assert.deepEqual([pages.map(({ url }) => url), rest], [[origin + listed, `${origin}${listed}?n=2`], undefined]);
  for (const status of [404, 405, 400, 406]) {
    play({ [listed]: { status } });
    assert.equal(await repository().registry.referrers(digest), undefined, "no such list");
  }
  for (const status of [401, 403, 500, 302]) {
    play({ [listed]: { status } });
    await unavailable(repository().registry.referrers(digest), "refused", status);
  }
  play({ [listed]: page(`${listed}?n=2`) });
  await unavailable(repository().registry.referrers(digest).then(() => assert.fail("half a list")), "refused", 404);
  for (const answer of [{ headers: { "content-type": "text/html" }, body: "<!doctype html>" }, { body: manifest }, good]) {
    play({ [listed]: answer });
    await unavailable(repository().registry.referrers(digest), "malformed", 200);
  }
});

test("referrers: a registry that does not know the filter is asked without it", async () => {
  const filter = `${listed}?artifactType=application%2Fvnd.dev.sigstore.bundle.v0.3%2Bjson`;
  for (const status of [400, 405, 406]) {
    play({ [filter]: { status }, [listed]: { headers: { "content-type": indexType }, body: index } });
    const { registry, asked } = repository();
    assert.equal((await registry.referrers(digest, "application/vnd.dev.sigstore.bundle.v0.3+json")).pages.length, 1);
    assert.deepEqual(asked.map(({ url, status: found }) => [url.slice(origin.length), found]), [[filter, status], [listed, 200]]);
  }
  play({ [filter]: { status: 403 } });
  await unavailable(repository().registry.referrers(digest, "application/vnd.dev.sigstore.bundle.v0.3+json"), "refused", 403);
});

test("referrers: pages in a circle, without end, and at another host", async () => {
  const page = (link) => ({ headers: { "content-type": indexType, link: `<${link}>; rel="next"` }, body: index });
  play({ [listed]: page(listed) });
  await unavailable(repository().registry.referrers(digest), "malformed", 200);
  assert.equal(seen.length, 1);
  play({ [listed]: page("?n=2"), [`${listed}?n=2`]: page(listed) });
  await unavailable(repository().registry.referrers(digest), "malformed", 200);
  assert.equal(seen.length, 2);
  let number = 0;
  const endless = async () => new Response(index, { headers: { "content-type": indexType, link: `<?n=${(number += 1)}>; rel=next` } });
  const { pages, rest } = await repository({ fetch: endless }).registry.referrers(digest);
  assert.deepEqual([pages.length, number, rest], [16, 16, `${origin}${listed}?n=16`]);
  for (const link of [`${elsewhere}${listed}`, "https://attacker.example/", "http://"]) {
    play({ [listed]: page(link) });
    await unavailable(repository().registry.referrers(digest), "malformed", 200);
    assert.equal(seen.length, 1);
  }
});

test("a registry that is busy says when to come back", async () => {
  let left = 1;
  play({ [at]: () => ((left -= 1) < 0 ? good : { status: 429, headers: { "retry-after": "0" } }) });
  assert.equal((await repository({ retries: 1 }).registry.manifest("1.0")).document.digest, digest);
  play({ [at]: { status: 429, headers: { "retry-after": "0" }, body: { errors: [{ code: "TOOMANYREQUESTS", message: "You have reached your pull rate limit" }] } } });
  const { message } = await unavailable(repository({ retries: 1 }).registry.manifest("1.0"), "refused", 429);
  assert.ok(message.includes('found 429, "TOOMANYREQUESTS: You have reached your pull rate limit"'), message);
  assert.equal(seen.length, 2);
});

test("challenges are read as they are written", () => {
  const read = (header) => readChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
  for (const [header, ...expected] of [
    [""],
    ['Bearer realm="https://auth.example/token",service="registry",scope="repository:acme/app:pull,push"', ["bearer", { realm: "https://auth.example/token", service: "registry", scope: "repository:acme/app:pull,push" }]],
    ['BEARER  Realm = "a" ,, scope=b', ["bearer", { realm: "a", scope: "b" }]],
    ['Basic realm="x", Bearer realm="y",error="invalid_token"', ["basic", { realm: "x" }], ["bearer", { realm: "y", error: "invalid_token" }]],
    ['Negotiate, Bearer realm="a \\"b\\" \\\\c"', ["negotiate", {}], ["bearer", { realm: 'a "b" \\c' }]],
    ['Bearer realm="a",realm="b"', ["bearer", { realm: "a" }]],
    ['Bearer realm="Basic realm=x, Bearer realm=y"', ["bearer", { realm: "Basic realm=x, Bearer realm=y" }]],
    ['realm="a", Basic', ["basic", {}]],
    ['Basic realm="unfinished', ["basic", {}]],
    ["Basic", ["basic", {}]],
  ]) {
    assert.deepEqual(read(header), expected, header);
  }
  const start = performance.now();
  readChallenges(`Bearer ${'realm="\\'.repeat(20_000)}`);
  readChallenges(`${"a ".repeat(50_000)}="`);
  assert.ok(performance.now() - start < 1000);
});
