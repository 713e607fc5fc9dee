// How the client of OCI registries says who asks: to whom it does, how often, and to whom never.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVerifierSync } from "../dist/entries/node.js";
import { Fetcher } from "../dist/sources/fetching.js";
import { Registry } from "../dist/sources/oci/registry.js";
import { Contents, mediaTypes } from "./images.mjs";
import { fetched, unavailable } from "./loopback.mjs";

const verifier = createVerifierSync();
const contents = new Contents();
const { digest: image } = contents.image();
const manifest = contents.documents.get(image).bytes;
const found = () => new Response(manifest, { headers: { "content-type": mediaTypes.manifest } });
const credentials = { username: "alice", password: "pässword:" };
const basic = `Basic ${Buffer.from("alice:pässword:").toString("base64")}`;
const bearer = (realm, more = "") => ({ "www-authenticate": `Bearer realm="${realm}",service="registry.example",scope="repository:acme/app:pull"${more}` });

/**
 * A registry that wants a token, and a token service, both under names of their own: every request is in `seen`. `answer` is asked first, and may answer
 * in their place.
 */
function world({ registry = "registry.example", realm = "https://auth.example/token", answer = () => undefined, tokens = {}, options = {} } = {}) {
  const seen = [];
  let made = 0;
  const valid = new Set();
  const fetch = async (url, { headers, redirect }) => {
    const { origin, pathname, searchParams } = new URL(url);
    const request = { url, origin, pathname, scopes: searchParams.getAll("scope"), service: searchParams.get("service"), authorization: headers.authorization, redirect };
    seen.push(request);
    const early = answer(request, seen);
    if (early !== undefined) return early;
    if (pathname === "/token") {
      valid.add(`Bearer t${(made += 1)}`);
      return Response.json({ token: `t${made}`, ...tokens });
    }
    if (!valid.has(headers.authorization)) return new Response(JSON.stringify({ errors: [{ code: "UNAUTHORIZED" }] }), { status: 401, headers: bearer(realm) });
    return found();
  };
  const fetcher = new Fetcher({ fetch, retries: 0 }, []);
  const repository = new Registry(verifier, fetcher, { registry, repository: "acme/app" }, options);
  const carried = () => seen.map(({ origin, authorization }) => [origin, authorization]);
  return { repository, seen, carried, expire: () => valid.clear(), asked: fetcher.asked };
}

const [registryOrigin, auth] = ["https://registry.example", "https://auth.example"];

test("anonymous first, then with a token that anybody gets, which is kept", async () => {
  const { repository, seen, carried, asked } = world();
  await repository.manifest("1.0");
  await repository.manifest("2.0");
  assert.deepEqual(carried(), [[registryOrigin, undefined], [auth, undefined], [registryOrigin, "Bearer t1"], [registryOrigin, "Bearer t1"]]);
  assert.deepEqual([seen[1].service, seen[1].scopes], ["registry.example", ["repository:acme/app:pull"]]);
  assert.deepEqual(asked.map(({ status }) => status), [401, 200, 200, 200]);
});

test("the password goes to the token service that the registry names over TLS, and nowhere else", async () => {
  const told = [];
  const { repository, carried } = world({ options: { credentials: async (name) => (told.push(name), credentials) } });
  await repository.manifest("1.0");
  assert.deepEqual(carried(), [[registryOrigin, undefined], [auth, basic], [registryOrigin, "Bearer t1"]]);
  assert.deepEqual(told, ["registry.example"]);
  const quiet = world({ answer: () => found(), options: { credentials: () => assert.fail("nobody asked") } });
  await quiet.repository.manifest("1.0");
  const hub = world({ registry: "index.docker.io", options: { credentials: (name) => (told.push(name), undefined) } });
  await hub.repository.manifest("1.0");
  assert.deepEqual([told.at(-1), hub.carried()[1]], ["docker.io", [auth, undefined]]);
});

test("a token service is asked for no more rights than reading takes", async () => {
  for (const [header, scopes] of [
    ['Bearer realm="https://auth.example/token?account=1"', ["repository:acme/app:pull"]],
    ['Bearer realm="https://auth.example/token",scope="repository:acme/app:pull,push,delete"', ["repository:acme/app:pull"]],
    ['Bearer realm="https://auth.example/token",scope="repository:mirror/acme/app:* aws"', ["repository:mirror/acme/app:pull", "aws"]],
  ]) {
    const answer = ({ pathname, authorization }) => (pathname === "/token" || authorization !== undefined ? undefined : new Response(null, { status: 401, headers: { "www-authenticate": header } }));
    const { repository, seen } = world({ answer });
    await repository.manifest("1.0");
    assert.deepEqual(seen[1].scopes, scopes);
    assert.equal(new URL(seen[1].url).searchParams.get("account"), header.includes("account") ? "1" : null);
  }
});

test("a token that has expired is fetched anew, by the clock or by the registry's word", async () => {
  const short = world({ tokens: { expires_in: 0.05 } });
  await short.repository.manifest("1.0");
  await new Promise((resolve) => setTimeout(resolve, 80));
  await short.repository.manifest("1.0");
  assert.deepEqual(short.carried().slice(3), [[registryOrigin, undefined], [auth, undefined], [registryOrigin, "Bearer t2"]]);
  const { repository, carried, expire } = world();
  await repository.manifest("1.0");
  expire();
  await repository.manifest("1.0");
  assert.deepEqual(carried().slice(3), [[registryOrigin, "Bearer t1"], [auth, undefined], [registryOrigin, "Bearer t2"]]);
});

test("several requests at once share one token", async () => {
  const { repository, seen } = world();
  await Promise.all(["1", "2", "3", "4"].map((tag) => repository.manifest(tag)));
  assert.equal(seen.filter(({ pathname }) => pathname === "/token").length, 1);
  assert.equal(seen.length, 9);
});

test("who comes late with an old token gets the one that others have fetched since", async () => {
  let release;
  const late = new Promise((resolve) => (release = resolve));
  const answer = ({ url, authorization }) => (url.endsWith("/late") && authorization === "Bearer t1" ? late : undefined);
  const { repository, seen, expire } = world({ answer });
  await repository.manifest("1.0");
  expire();
  const waiting = repository.manifest("late");
  await repository.manifest("2.0");
  release(new Response(null, { status: 401, headers: bearer(`${auth}/token`) }));
  await waiting;
  assert.equal(seen.filter(({ pathname }) => pathname === "/token").length, 2);
});

test("who is refused with a new token is refused, and asks no third time", async () => {
  const errors = { errors: [{ code: "DENIED", message: "requested access to the resource is denied\u202e" }] };
  for (const status of [401, 403]) {
    const answer = ({ pathname, authorization }) => (pathname === "/token" || authorization === undefined ? undefined : new Response(JSON.stringify(errors), { status, headers: bearer(`${auth}/token`) }));
    const { repository, seen } = world({ answer });
    const { message } = await unavailable(repository.manifest("1.0"), "refused", status);
    assert.ok(message.includes(`found ${status}, "DENIED: requested access to the resource is denied\\u{202e}": the repository may be private`), message);
    assert.equal(seen.length, 3);
  }
});

test("what a token service says is told, short and escaped", async () => {
  for (const [body, words] of [
    [{ details: "incorrect username or password" }, ', "incorrect username or password"'],
    [{ errors: [{ code: "DENIED", message: "denied" }, { code: "A\u001b[2J" }, 7, null] }, ', "DENIED: denied; A\\u{1b}[2J"'],
    [{ message: "x".repeat(10_000) }, `, "${"x".repeat(400)}…"`],
    ["<html>", ""],
    [null, ""],
    [{ token: "t1" }, ""],
  ]) {
    const answer = ({ pathname }) => (pathname === "/token" ? new Response(typeof body === "string" ? body : JSON.stringify(body), { status: 401 }) : undefined);
    const { repository, seen } = world({ answer, options: { credentials } });
    const { message, url } = await unavailable(repository.manifest("1.0"), "refused", 401);
    assert.ok(message.includes(`found 401${words}: the credentials may be wrong`), message);
    assert.ok(url.startsWith(`${auth}/token?`));
    assert.equal(seen.length, 2);
  }
});

test("an answer that is no token is none", async () => {
  for (const [body, taken] of [
    [{ access_token: "t1" }, "t1"],
    [{ token: "", access_token: "t1" }, "t1"],
    [{ token: "t1", access_token: "other", expires_in: "soon" }, "t1"],
    [{}], [null], ["<html>"], [{ token: "a b" }], [{ token: "t1\r\nX-Evil: 1" }], [{ token: 1 }], [{ token: ["t1"] }], [{ token: "é" }],
  ]) {
    const answer = ({ pathname, authorization }) => {
      if (pathname === "/token") return new Response(typeof body === "string" ? body : JSON.stringify(body));
      return authorization === undefined ? undefined : found();
    };
    const { repository, seen } = world({ answer });
    if (taken === undefined) await unavailable(repository.manifest("1.0"), "malformed", 200);
    else await repository.manifest("1.0");
    assert.equal(seen[2]?.authorization, taken && `Bearer ${taken}`);
  }
  const large = world({ answer: ({ pathname }) => (pathname === "/token" ? Response.json({ token: "x".repeat(100_000) }) : undefined) });
  await unavailable(large.repository.manifest("1.0"), "too-large");
});

test("a realm that is no token service of that registry's gets nothing, not even a request", async () => {
  for (const [registry, realm, code, status] of [
    ["registry.example", "http://auth.example/token", "insecure", undefined],
    ["registry.example", "http://registry.example/token", "insecure", undefined],
    ["registry.example", "http://127.0.0.1:1/token", "insecure", 401],
    ["registry.example", "https://127.0.0.1/token", "insecure", 401],
    ["registry.example", "https://2130706433/token", "insecure", 401],
    ["registry.example", "https://0x7f.1/token", "insecure", 401],
    ["registry.example", "https://localhost/token", "insecure", 401],
    ["registry.example", "https://a.localhost./token", "insecure", 401],
    ["registry.example", "https://[::1]/token", "insecure", 401],
    ["registry.example", "https://[::ffff:169.254.169.254]/token", "insecure", 401],
    ["registry.example", "https://169.254.169.254/token", "insecure", 401],
    ["registry.example", "https://10.0.0.1/token", "insecure", 401],
    ["10.0.0.2", "https://10.0.0.1/token", "insecure", 401],
    ["localhost:5000", "http://auth.example/token", "insecure", undefined],
    ["localhost:5000", "http://10.0.0.1/token", "insecure", 401],
    ["registry.example", "https://a:b@auth.example/token", "malformed", 401],
    ["registry.example", "ftp://auth.example/token", "insecure", undefined],
    ["registry.example", "/token", "malformed", 401],
    ["registry.example", "", "malformed", 401],
  ]) {
    const { repository, seen } = world({ registry, realm, options: { credentials } });
    await unavailable(repository.manifest("1.0"), code, status);
    assert.equal(seen.length, 1, realm);
  }
  const lowered = world({ registry: "localhost:5000", realm: "http://localhost:5001/token", options: { credentials, plainHttp: false } });
  await unavailable(lowered.repository.manifest("1.0"), "insecure");
  assert.equal(lowered.seen.length, 1, "from https to plain HTTP");
  for (const [registry, realm] of [
    ["registry.example", "https://registry.example/token"],
    ["registry.example:5000", "https://registry.example/token"],
    ["10.0.0.2:5000", "https://10.0.0.2/token"],
    ["localhost:5000", "http://127.0.0.1:5001/token"],
    ["localhost:5000", "https://auth.example/token"],
  ]) {
    const { repository, seen } = world({ registry, realm, options: { credentials } });
    await repository.manifest("1.0");
    assert.equal(seen.length, 3, realm);
  }
});

test("a token service that leads elsewhere is not followed", async () => {
  for (const options of [{}, { credentials }]) {
    const answer = ({ pathname }) => (pathname === "/token" ? new Response(null, { status: 302, headers: { location: "https://attacker.example/" } }) : undefined);
    const { repository, seen } = world({ answer, options });
    await unavailable(repository.manifest("1.0"), "refused", 302);
    assert.deepEqual([seen.length, seen[1].redirect], [2, "manual"]);
  }
});

test("a registry that asks for a name and a password gets them, itself alone", async () => {
  const answer = ({ origin, authorization }) => {
    if (origin !== registryOrigin) return found();
    if (authorization !== basic) return new Response(null, { status: 401, headers: { "www-authenticate": 'Basic realm="https://attacker.example/"' } });
    return new Response(null, { status: 307, headers: { location: "https://storage.example/" } });
  };
  const { repository, carried } = world({ answer, options: { credentials } });
  await repository.manifest("1.0");
  await repository.manifest("1.0");
  const storage = ["https://storage.example", undefined];
  assert.deepEqual(carried(), [[registryOrigin, undefined], [registryOrigin, basic], storage, [registryOrigin, basic], storage]);
  for (const [given, requests] of [[undefined, 1], [{ token: "t" }, 1], [{ username: "alice", password: "wrong" }, 2]]) {
    const wrong = world({ answer, options: { credentials: given } });
    await unavailable(wrong.repository.manifest("1.0"), "refused", 401);
    assert.equal(wrong.seen.length, requests);
  }
});

test("a token goes to the registry, without a token service", async () => {
  const answer = ({ authorization }) => (authorization === "Bearer mine" ? found() : undefined);
  const { repository, carried } = world({ answer, options: { credentials: { token: "mine" } } });
  await repository.manifest("1.0");
  assert.deepEqual(carried(), [[registryOrigin, undefined], [registryOrigin, "Bearer mine"]]);
});

test("over plain HTTP to another machine nobody is told who asks", async () => {
  for (const challenge of [bearer("https://auth.example/token"), bearer("http://registry.example/token"), { "www-authenticate": "Basic" }]) {
    const answer = () => new Response(null, { status: 401, headers: challenge });
    const { repository, seen } = world({ answer, options: { credentials: () => assert.fail("not needed"), plainHttp: true } });
    await unavailable(repository.manifest("1.0"), "insecure", 401);
    assert.deepEqual([seen.length, seen[0].url], [1, "http://registry.example/v2/acme/app/manifests/1.0"]);
  }
  const open = world({ answer: () => found(), options: { credentials, plainHttp: true } });
  await open.repository.manifest("1.0");
  const moved = world({ answer: () => new Response(null, { status: 302, headers: { location: "http://other.example/" } }), options: { plainHttp: true } });
  await unavailable(moved.repository.manifest("1.0"), "insecure");
  for (const location of ["http://127.0.0.1/", "http://localhost:80/", "http://[::1]/"]) {
    const inward = world({ answer: () => new Response(null, { status: 302, headers: { location } }), options: { plainHttp: true } });
    await unavailable(inward.repository.manifest("1.0"), "insecure");
    assert.ok(inward.seen.length === 1, "what is elsewhere leads to nothing on this machine");
  }
});

test("a challenge that nobody can answer is told", async () => {
  for (const challenge of [{}, { "www-authenticate": "Negotiate" }, { "www-authenticate": "realm" }]) {
    const { repository, seen } = world({ answer: () => new Response(null, { status: 401, headers: challenge }), options: { credentials } });
    const { message } = await unavailable(repository.manifest("1.0"), "refused", 401);
    assert.match(message, /expected a challenge of the kind Bearer or Basic/u);
    assert.equal(seen.length, 1);
  }
});

test("credentials that cannot stand in a header are an error of use", async () => {
  for (const wrong of [{}, null, "alice:secret", { username: "alice" }, { username: "a:b", password: "c" }, { username: "", password: "c" }, { username: "a", password: "b\n" }, { token: "" },
    { token: "a b" }, { token: "t\r\n" }, { token: "t", username: "a", password: "b" }]) {
    const expected = { name: "UsageError", code: "invalid-argument", at: "/credentials" };
    assert.throws(() => world({ options: { credentials: wrong } }), expected, JSON.stringify(wrong));
    await assert.rejects(world({ options: { credentials: () => wrong } }).repository.manifest("1.0"), expected, JSON.stringify(wrong));
  }
  assert.throws(() => world({ options: { plainHttp: "false" } }), { name: "UsageError", at: "/plainHttp" });
  const failing = fetched(world({ options: { credentials: async () => Promise.reject(new Error("no keyring")) } }).repository.manifest("1.0"));
  assert.equal((await failing).message, "no keyring");
});
