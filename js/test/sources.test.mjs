// The adapters, against a registry on loopback that answers as npm, PyPI and GitHub do, and as they should not.

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { createVerifierSync } from "../dist/entries/node.js";
import { githubEvidence, verifyGithub } from "../dist/sources/github.js";
import { npmEvidence, verifyNpm } from "../dist/sources/npm.js";
import { pypiEvidence, verifyPypi } from "../dist/sources/pypi.js";
import { npm } from "../dist/policy/index.js";
import { bundleText, options, sha512 } from "./demo.mjs";
import { fetched, loopback, unavailable } from "./loopback.mjs";
import { snappy } from "./snappy.mjs";

const verifier = createVerifierSync();
const bundle = JSON.parse(bundleText);
const integrity = `sha512-${Buffer.from(sha512, "hex").toString("base64")}`;

const { origin, elsewhere, play, seen } = await loopback();
const fast = { retries: 1 };

const version = { body: { name: "sigstore", version: "5.0.0", dist: { integrity, tarball: `${origin}/sigstore-5.0.0.tgz`, attestations: { url: "https://elsewhere.example/" } } } };
const attestations = { body: { attestations: [{ predicateType: "https://slsa.dev/provenance/v1", bundle }] } };
const npmOptions = { registry: `${origin}/`, ...fast };

test("npm: from name and version to a verdict", async () => {
  play({ "/sigstore/5.0.0": version, "/-/npm/v1/attestations/sigstore@5.0.0": attestations });
  const requests = [];
  const evidence = await npmEvidence(verifier, "sigstore@5.0.0", { ...npmOptions, onRequest: (url) => void requests.push(url) });
  assert.deepEqual(evidence.digest, { sha512 });
  assert.equal(evidence.tarball, `${origin}/sigstore-5.0.0.tgz`);
  assert.deepEqual(evidence.asked.map(({ url, status }) => [url.slice(origin.length), status]), [["/sigstore/5.0.0", 200], ["/-/npm/v1/attestations/sigstore@5.0.0", 200]]);
  assert.deepEqual(requests, evidence.asked.map(({ url }) => url));
  assert.equal(evidence.pieces[0].predicateType, "https://slsa.dev/provenance/v1");
  assert.equal(evidence.pieces[0].from, requests[1]);
  const policy = npm({ package: "sigstore", repository: "sigstore/sigstore-js" });
  const { verdict } = await verifier.evaluate({ bundles: evidence.bundles, artifact: evidence.digest, policy });
  assert.equal(verdict, "verified");
});

test("npm: genuine evidence of another version is not of the one that is asked for", async () => {
  // All that a mirror has to do is to answer with an older version.
  play({ "/sigstore/6.0.0": version, "/-/npm/v1/attestations/sigstore@6.0.0": attestations, "/sigstore/5.0.0": version, "/-/npm/v1/attestations/sigstore@5.0.0": attestations });
  const policy = npm({ package: "sigstore", repository: "sigstore/sigstore-js" });
  const by = async (reference) => (await verifyNpm(verifier, reference, { ...npmOptions, policy })).evaluation;
  assert.equal((await by("sigstore@5.0.0")).verdict, "verified");
  const { verdict, requirements } = await by("sigstore@6.0.0");
  assert.deepEqual([verdict, requirements[0].failures.map(({ code }) => code)], ["rejected", ["subject-reference-differs"]]);
});

test("npm: a weaker digest beside the one by which npm installs is nobody's", async () => {
  // Of its own tarball the strong one, of somebody's genuine file the weak one: evidence about that file would say nothing of the tarball.
  const weak = `sha256-${Buffer.from("00".repeat(32), "hex").toString("base64")}`;
  for (const [text, digests] of [
    [`${weak} ${integrity}`, { sha512 }],
    [`${integrity}\n${weak}`, { sha512 }],
    [`sha1-x\u00a0${integrity} ${weak}`, { sha512 }],
    [`sha1-x\u000b${integrity} ${weak}`, { sha512 }],
    [weak, { sha256: "00".repeat(32) }],
  ]) {
    play({ "/app/1.0.0": { body: { dist: { integrity: text } } } });
    assert.deepEqual((await npmEvidence(verifier, "app@1.0.0", npmOptions)).digest, digests, JSON.stringify(text));
  }
});

test("npm: scoped names, and what is not there", async () => {
  play({ "/@acme%2fapp/1.0.0": { body: { dist: { integrity } } } });
  const none = await npmEvidence(verifier, "@acme/app@1.0.0", npmOptions);
  assert.deepEqual([none.bundles, none.digest, none.asked.length], [[], { sha512 }, 1]);
  const missing = await npmEvidence(verifier, "app@9.9.9", npmOptions);
  assert.deepEqual([missing.bundles, missing.digest, missing.asked], [[], undefined, [{ url: `${origin}/app/9.9.9`, status: 404 }]]);
  for (const wrong of ["app", "app@latest", "@acme@1.0.0", "a b@1.0.0", "../x@1.0.0", "app@1.0.0/..", "..@1.0.0", "@../x@1.0.0", "@x/..@1.0.0", 7]) {
    const error = await fetched(npmEvidence(verifier, wrong, npmOptions));
    assert.deepEqual([error.name, error.code], ["UsageError", "invalid-argument"], String(wrong));
  }
  assert.equal((await fetched(npmEvidence(verifier, "app@1.0.0", { regsitry: origin }))).at, "/regsitry");
  assert.equal((await fetched(npmEvidence(verifier, "app@1.0.0", { registry: "npm" }))).at, "/registry");
  assert.equal((await fetched(npmEvidence(verifier, "app@1.0.0", { ...npmOptions, timeout: -1 }))).at, "/timeout");
});

test("npm: an answer that is none is told, with its URL", async () => {
  for (const body of ["<!doctype html>", "{}", "null", { dist: { integrity: "sha512-AAAA" } }, { dist: { attestations: {} } }]) {
    play({ "/app/1.0.0": { body } });
    const error = await unavailable(npmEvidence(verifier, "app@1.0.0", npmOptions), "malformed", 200);
    assert.equal(error.url, `${origin}/app/1.0.0`);
  }
  play({ "/sigstore/5.0.0": version, "/-/npm/v1/attestations/sigstore@5.0.0": { body: { error: "no" } } });
  assert.match((await unavailable(npmEvidence(verifier, "sigstore@5.0.0", npmOptions), "malformed", 200)).message, /found an error \(http/u);
});

const file = "sigstore-5.0.0-py3-none-any.whl";
const attestation = {
  version: 1,
  envelope: { statement: bundle.dsseEnvelope.payload, signature: bundle.dsseEnvelope.signatures[0].sig },
  verification_material: { certificate: bundle.verificationMaterial.certificate.rawBytes, transparency_entries: bundle.verificationMaterial.tlogEntries },
};
const publisher = { kind: "GitHub", repository: "sigstore/sigstore-js", workflow: "release.yml" };

test("PyPI: from a file's name to a verdict", async () => {
  const body = { version: 1, attestation_bundles: [{ publisher, attestations: [attestation] }] };
  play({ [`/integrity/sigstore/5.0.0/${file}/provenance`]: { body }, "/integrity/my-app/1.0/my-app-1.0.tar.gz/provenance": { body } });
  const evidence = await pypiEvidence(verifier, file, { index: origin, ...fast });
  assert.deepEqual(evidence.pieces[0].publisher, publisher);
  assert.equal((await verifier.verify(evidence.bundles[0], options)).report.verdict, "passed");
  assert.equal(seen[0].headers.accept, "application/vnd.pypi.integrity.v1+json");
  assert.equal((await pypiEvidence(verifier, "my-app-1.0.tar.gz", { index: origin, ...fast })).bundles.length, 1);
  const none = await pypiEvidence(verifier, "other-1.0.zip", { index: origin, ...fast });
  assert.deepEqual(none.bundles, []);
  assert.deepEqual(none.asked, [{ url: `${origin}/integrity/other/1.0/other-1.0.zip/provenance`, status: 404 }]);
  for (const wrong of ["app", "app-1.0.exe", "../app-1.0.tar.gz", "..-1.0.tar.gz", "app.whl"]) {
    assert.equal((await fetched(pypiEvidence(verifier, wrong, { index: origin }))).code, "invalid-argument", wrong);
  }
});

const digest = `sha512:${sha512}`;
const listed = `/repos/sigstore/sigstore-js/attestations/${digest}?per_page=100`;
const githubOptions = { api: origin, ...fast };

test("GitHub: bundles in the answer, elsewhere in Snappy, and on the next page", async () => {
  play({
    [listed]: { headers: { link: `<${listed}&after=x>; rel="next", <${listed}>; rel="first"` }, body: { attestations: [{ repository_id: 1, bundle }] } },
    [`${listed}&after=x`]: { body: { attestations: [{ bundle: null, bundle_url: `${elsewhere}/1.json.sn`, predicate_type: "https://slsa.dev/provenance/v1" }] } },
    "/1.json.sn": { headers: { "content-type": "application/x-snappy" }, body: Buffer.from(snappy(JSON.stringify(bundle))) },
  });
  const evidence = await githubEvidence(verifier, "sigstore/sigstore-js", digest, { ...githubOptions, token: "secret" });
  assert.equal(evidence.bundles.length, 2);
  for (const one of evidence.bundles) assert.equal((await verifier.verify(one, options)).report.verdict, "passed");
  assert.deepEqual(evidence.pieces.map(({ from, predicateType }) => [from, predicateType]), [[`${origin}${listed}`, undefined], [`${elsewhere}/1.json.sn`, "https://slsa.dev/provenance/v1"]]);
  assert.deepEqual(seen.map(({ url, headers }) => [url, headers.authorization]), [[listed, "Bearer secret"], [`${listed}&after=x`, "Bearer secret"], ["/1.json.sn", undefined]]);
});

test("GitHub: nothing known is none, and a next page at another host is not asked for", async () => {
  for (const status of [404, 422]) {
    play({ [listed]: { status } });
    const none = await githubEvidence(verifier, "sigstore/sigstore-js", digest, githubOptions);
    assert.deepEqual([none.bundles, none.asked], [[], [{ url: `${origin}${listed}`, status }]]);
  }
  play({ [listed]: { headers: { link: `<${elsewhere}/more>; rel="next"` }, body: { attestations: [] } } });
  await unavailable(githubEvidence(verifier, "sigstore/sigstore-js", digest, { ...githubOptions, token: "secret" }), "malformed", 200);
  assert.equal(seen.length, 1);
  play({ [listed]: { body: { attestations: [{ bundle: null, bundle_url: `${origin}/gone` }] } } });
  await unavailable(githubEvidence(verifier, "sigstore/sigstore-js", digest, githubOptions), "refused", 404);
  for (const [repository, other] of [["sigstore", digest], ["a/b/c", digest], ["a/b", "sha1:00"], ["a/b?c", digest]]) {
    assert.equal((await fetched(githubEvidence(verifier, repository, other, githubOptions))).name, "UsageError");
  }
});

test("GitHub is asked about a file by its SHA-256, and about digests by the one that is given", async () => {
  const policy = npm({ package: "sigstore", repository: "sigstore/sigstore-js" });
  const hex = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
  for (const [artifact, asked] of [
    [new TextEncoder().encode("x"), `sha256:${hex}`],
    [new Blob(["x"]).stream(), `sha256:${hex}`],
    [{ sha512, sha256: hex }, `sha256:${hex}`],
    [{ sha512 }, digest],
    [integrity, digest],
  ]) {
    play({});
    const { outcome, evidence } = await verifyGithub(verifier, "acme/app", artifact, { ...githubOptions, policy });
    assert.deepEqual([outcome, evidence.asked.map(({ url }) => url)], ["none-found", [`${origin}/repos/acme/app/attestations/${asked}?per_page=100`]]);
  }
  play({});
  for (const none of [{ dangerouslyUnbound: true }, {}, "app.tgz", undefined]) await assert.rejects(verifyGithub(verifier, "acme/app", none, { ...githubOptions, policy }), { name: "UsageError" });
  assert.deepEqual(seen, []);
});

test("what a registry says of its refusal is told, short and escaped; and what may help at GitHub", async () => {
  const limited = { status: 403, body: { message: "API rate limit exceeded\u001b[2J", documentation_url: "https://docs.github.com/" } };
  play({ [listed]: limited });
  const ask = (more) => githubEvidence(verifier, "sigstore/sigstore-js", digest, { ...githubOptions, ...more });
  const words = 'found 403, "API rate limit exceeded\\u{1b}[2J"';
  const { message } = await unavailable(ask(), "refused", 403);
  assert.ok(message.startsWith(`expected an answer with status 200, ${words}: GitHub may want a token, or was asked too often without one (http`), message);
  assert.ok((await unavailable(ask({ token: "secret" }), "refused", 403)).message.startsWith(`expected an answer with status 200, ${words} (http`));
  // More than its beginning is not read, and of that only what can be an error.
  play({ "/app/1.0.0": { status: 400, body: `{"error":"${"x".repeat(100_000)}"}` }, "/app/2.0.0": { status: 451, body: { error: "not in your country" } } });
  assert.match((await unavailable(npmEvidence(verifier, "app@1.0.0", npmOptions), "refused", 400)).message, /found 400 \(http/u);
  assert.match((await unavailable(npmEvidence(verifier, "app@2.0.0", npmOptions), "refused", 451)).message, /found 451, "not in your country" \(http/u);
});

test("GitHub: pages without end end", async () => {
  let pages = 0;
  play({});
  const endless = async (url) => new Response(JSON.stringify({ attestations: [] }), { headers: { link: `<${url}&${(pages += 1)}>; rel="next"` } });
  await githubEvidence(verifier, "sigstore/sigstore-js", digest, { ...githubOptions, fetch: endless });
  assert.equal(pages, 10);
});

test("a token follows no redirect to another host, and none is followed for ever", async () => {
  play({ [listed]: { status: 302, headers: { location: `${elsewhere}/moved` } }, "/moved": { body: { attestations: [] } } });
  await githubEvidence(verifier, "sigstore/sigstore-js", digest, { ...githubOptions, token: "secret" });
  assert.deepEqual(seen.map(({ headers }) => headers.authorization), ["Bearer secret", undefined]);
  play({ [listed]: { status: 302, headers: { location: listed } } });
  await unavailable(githubEvidence(verifier, "sigstore/sigstore-js", digest, { ...githubOptions, token: "secret" }), "refused");
  assert.equal(seen.length, 6);
  play({ [listed]: { status: 302, headers: { location: "http://attacker.example/" } } });
  await unavailable(githubEvidence(verifier, "sigstore/sigstore-js", digest, { ...githubOptions, token: "secret" }), "insecure");
});

test("where a redirect must not lead, nobody is asked", async () => {
  // As a cloud's own address for whoever asks from inside; the way back out would hide it.
  const https = "https://registry.example";
  for (const [inside, code] of [["http://169.254.169.254/latest/meta-data", "insecure"], ["http://127.0.0.1/admin", "insecure"], ["file:///etc/passwd", "insecure"]]) {
    const asked = [];
    const fetch = async (url, { redirect }) => {
      asked.push([url, redirect]);
      return url.startsWith(https) ? new Response(null, { status: 302, headers: { location: inside } }) : Response.redirect(`${https}/back`, 302);
    };
    await unavailable(npmEvidence(verifier, "app@1.0.0", { registry: https, fetch, retries: 0 }), code);
    assert.deepEqual(asked, [[`${https}/app/1.0.0`, "manual"]]);
  }
  // Browsers do not tell where a redirect leads: then it is followed by them, as long as there is nothing to lose.
  const asked = [];
  const opaque = () => Object.defineProperties(new Response(), { type: { value: "opaqueredirect" }, status: { value: 0 } });
  const browser = async (_url, { redirect }) => (asked.push(redirect), redirect === "manual" ? opaque() : Response.json({ dist: {} }));
  await npmEvidence(verifier, "app@1.0.0", { registry: https, fetch: browser, retries: 0 });
  assert.deepEqual(asked, ["manual", "follow"]);
});

test("a registry that is busy is asked again, as often as is said", async () => {
  for (const [status, retries, requests] of [[503, 1, 2], [429, 2, 3], [500, 0, 1]]) {
    play({ "/app/1.0.0": { status, headers: { "retry-after": "0" } } });
    await unavailable(npmEvidence(verifier, "app@1.0.0", { registry: origin, retries }), "refused", status);
    assert.equal(seen.length, requests);
  }
  let left = 1;
  play({ "/app/1.0.0": () => ((left -= 1) < 0 ? { body: { dist: {} } } : { status: 503 }) });
  assert.deepEqual((await npmEvidence(verifier, "app@1.0.0", npmOptions)).asked.map(({ status }) => status), [200]);
  play({ "/app/1.0.0": { status: 401 } });
  await unavailable(npmEvidence(verifier, "app@1.0.0", npmOptions), "refused", 401);
  assert.equal(seen.length, 1);
});

test("a registry that breaks off, hangs or never stops is given up", async () => {
  play({ "/app/1.0.0": (_request, response) => void response.destroy() });
  await unavailable(npmEvidence(verifier, "app@1.0.0", npmOptions), "unreachable");
  assert.equal(seen.length, 2);
  play({ "/app/1.0.0": (_request, response) => (response.writeHead(200, { "content-length": "100" }), response.write("{"), setTimeout(() => response.destroy(), 20), {}) });
  await unavailable(npmEvidence(verifier, "app@1.0.0", { ...npmOptions, retries: 0 }), "unreachable");
  play({ "/app/1.0.0": (_request, response) => (response.writeHead(200), response.write("{"), {}) });
  await unavailable(npmEvidence(verifier, "app@1.0.0", { ...npmOptions, timeout: 100 }), "timed-out");
  assert.equal(seen.length, 1);
  play({ "/app/1.0.0": { body: " ".repeat(1001) } });
  await unavailable(npmEvidence(verifier, "app@1.0.0", { ...npmOptions, maxBytes: 1000 }), "too-large");
  // Each answer is in time, and all together are not.
  const slowly = (body) => (_request, response) => (setTimeout(() => response.end(JSON.stringify(body)), 150), response.writeHead(200), {});
  play({ "/app/1.0.0": slowly({ dist: { integrity: `sha512-${Buffer.alloc(64).toString("base64")}`, attestations: {} } }), "/-/npm/v1/attestations/app@1.0.0": slowly({ attestations: [] }) });
  const late = await unavailable(npmEvidence(verifier, "app@1.0.0", { ...npmOptions, timeout: 1000, deadline: 200 }), "timed-out");
  assert.match(late.message, /^expected all answers within 200 ms, found none/u);
  assert.equal((await fetched(npmEvidence(verifier, "app@1.0.0", { ...npmOptions, deadline: Number.NaN }))).at, "/deadline");
});

test("why nobody answered is told, where the runtime tells it", async () => {
  const registry = await new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(`http://127.0.0.1:${port}`));
    });
  });
  const { message } = await unavailable(npmEvidence(verifier, "app@1.0.0", { registry, retries: 0 }), "unreachable");
  assert.equal(message, `nobody answered, or not to the end: ECONNREFUSED (${registry}/app/1.0.0)`);
  const untold = await unavailable(npmEvidence(verifier, "app@1.0.0", { retries: 0, fetch: () => Promise.reject(new TypeError("no", { cause: { code: "[31m" } })) }), "unreachable");
  assert.match(untold.message, /to the end \(https:/u);
});

test("a signal ends it with its reason, while it waits too", async () => {
  play({ "/app/1.0.0": { status: 503, headers: { "retry-after": "20" } } });
  const controller = new AbortController();
  const pending = fetched(npmEvidence(verifier, "app@1.0.0", { registry: origin, signal: controller.signal }));
  setTimeout(() => controller.abort(new Error("enough")), 50);
  assert.equal((await pending).message, "enough");
  assert.equal((await fetched(npmEvidence(verifier, "app@1.0.0", { registry: origin, signal: controller.signal }))).message, "enough");
});

test("the reading of an artifact is told as it goes, and ended by the signal", async () => {
  const policy = { version: 1, signers: [{ issuer: "https://issuer.example", identity: "x" }] };
  const name = "sigstore-5.0.0.tar.gz";
  const calls = [
    (artifact, more) => verifyPypi(verifier, name, artifact, { index: origin, ...fast, policy, ...more }),
    (artifact, more) => verifyGithub(verifier, "acme/app", artifact, { ...githubOptions, policy, ...more }),
    (artifact, more) => verifyNpm(verifier, "sigstore@5.0.0", { ...npmOptions, policy, artifact, ...more }),
  ];
  for (const call of calls) {
    play({ "/sigstore/5.0.0": version });
    const told = [];
    await call(new Blob(["four"]).stream(), { onProgress: ({ read }) => told.push(read) });
    assert.deepEqual(told, [4]);
    let left = 4096;
    const long = new ReadableStream({ pull: (controller) => ((left -= 1) > 0 ? controller.enqueue(new Uint8Array(1024)) : controller.close()) });
    const controller = new AbortController();
    const reason = new Error("enough");
    await assert.rejects(call(long, { signal: controller.signal, onProgress: ({ read }) => read > 4096 && controller.abort(reason) }), reason);
  }
});

test("plain HTTP is for this machine alone", async () => {
  await unavailable(npmEvidence(verifier, "app@1.0.0", { registry: "http://registry.example" }), "insecure");
  for (const local of ["127.0.0.1.example", "localhost.example", "[::2]"]) {
    await unavailable(npmEvidence(verifier, "app@1.0.0", { registry: `http://${local}` }), "insecure");
  }
});

test("found and good, found and bad, none found, and not to be had are four outcomes", async () => {
  const good = npm({ package: "sigstore", repository: "sigstore/sigstore-js" });
  const bad = npm({ package: "sigstore", repository: "acme/app" });
  const provenance = `/integrity/sigstore/5.0.0/${file}/provenance`;
  const ways = [
    ["/-/npm/v1/attestations/sigstore@5.0.0", (policy) => verifyNpm(verifier, "sigstore@5.0.0", { ...npmOptions, policy })],
    [provenance, (policy) => verifyPypi(verifier, file, { sha512 }, { index: origin, ...fast, policy })],
    [listed, (policy) => verifyGithub(verifier, "sigstore/sigstore-js", digest, { ...githubOptions, policy })],
  ];
  const here = {
    "/sigstore/5.0.0": version,
    "/-/npm/v1/attestations/sigstore@5.0.0": attestations,
    [provenance]: { body: attestation },
    [listed]: attestations,
  };
  for (const [last, verify] of ways) {
    play(here);
    const verified = await verify(good);
    assert.deepEqual([verified.outcome, verified.evaluation.verdict], ["judged", "verified"], last);
    const rejected = await verify(bad);
    assert.deepEqual([rejected.outcome, rejected.evaluation.verdict], ["judged", "rejected"], last);
    play({ ...here, [last]: { status: 404 } });
    const none = await verify(good);
    assert.deepEqual([none.outcome, none.evaluation.verdict, none.evidence.asked.at(-1)], ["none-found", "rejected", { url: origin + last, status: 404 }]);
    play({ ...here, [last]: { status: 403 } });
    const unasked = await verify(good);
    assert.deepEqual([unasked.outcome, unasked.error.code, unasked.evaluation], ["unavailable", "refused", undefined]);
    seen.length = 0;
    assert.equal((await fetched(verify("{"))).code, "malformed-policy");
    assert.equal(seen.length, 0, "a policy that is none is told before anybody is asked");
  }
});

test("npm: what is at hand counts before the registry's word", async () => {
  play({ "/sigstore/5.0.0": version, "/-/npm/v1/attestations/sigstore@5.0.0": attestations });
  const policy = npm({ package: "sigstore", repository: "sigstore/sigstore-js" });
  const { evaluation } = await verifyNpm(verifier, "sigstore@5.0.0", { ...npmOptions, policy, artifact: new Uint8Array(3) });
  assert.equal(evaluation.verdict, "rejected");
  play({});
  const missing = await verifyNpm(verifier, "sigstore@5.0.0", { ...npmOptions, policy });
  assert.deepEqual([missing.outcome, missing.evaluation], ["none-found", undefined]);
});

test("what came over TLS does not lead to plain HTTP, not even on this machine", async () => {
  const named = (bundle_url) => async (url) => (url.startsWith("https://api.example/") ? Response.json({ attestations: [{ bundle: null, bundle_url }] }) : assert.fail(url));
  const ask = (fetch, more = {}) => githubEvidence(verifier, "sigstore/sigstore-js", digest, { api: "https://api.example", retries: 0, fetch, ...more });
  await unavailable(ask(named(`${origin}/1.json.sn`)), "insecure");
  await unavailable(ask(named("https://")), "malformed");
  await unavailable(ask(named("file:///etc/passwd")), "insecure");
  const moved = async (url) => (url.startsWith("https://") ? new Response(null, { status: 302, headers: { location: origin } }) : assert.fail(url));
  await unavailable(ask(moved, { token: "secret" }), "insecure");
});
