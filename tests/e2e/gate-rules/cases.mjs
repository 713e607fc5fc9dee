// What the tests of the gate's rules share: the test signer's bundles about bodies of given lengths, and an upstream within the process.

import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createVerifier } from "../../../js/dist/entries/node.js";
import { gate } from "../../../js/dist/gate/index.js";
import { keyless } from "../../../js/dist/policy/index.js";

const minted = process.env.ADMISSIBLE_MINTED;

/** Why these tests cannot run, where they cannot. */
export const skip = minted === undefined && "ADMISSIBLE_MINTED is not set: run cargo xtask test";

const file = (name, part) => (minted === undefined ? undefined : readFileSync(join(minted, "gate", name, part)));

/** Longer than what the gate holds back, and no multiple of it. */
export const LONG = 16 * 65536 + 7;

/** Shorter than what the gate holds back. */
export const SHORT = 65535;

export const trustedRoot = file(`body-${LONG}`, "trusted_root.json");

/** The bundle of a case. */
export const bundle = (name) => file(name, "bundle.sigstore.json");

/**
 * Other cases that the test signer minted, all about the same short artifact: that, their bundles, their signers, and a verifier that trusts
 * the roots of all.
 */
export async function others(...names) {
  const of = (name, part) => readFileSync(join(minted, "good", name, part));
  const roots = names.map((name) => JSON.stringify(JSON.parse(of(name, "trusted_root.json"))));
  return {
    artifact: new Uint8Array(of(names[0], "artifact")),
    bundles: names.map((name) => of(name, "bundle.sigstore.json")),
    signers: names.flatMap((name) => JSON.parse(of(name, "options.json")).signer),
    verifier: await createVerifier({ trustedRoot: roots.join("\n") }),
  };
}

/** A key of our own, whose signatures no log has to have seen: for evidence of every shape. */
export function signer(kind) {
  const { publicKey, privateKey } = kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const made = (content) => ({
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: { publicKey: { hint: "" }, tlogEntries: [] },
    ...content,
  });
  return {
    policy: { version: 1, signers: [{ publicKey: publicKey.export({ type: "spki", format: "pem" }) }], evidence: { logEntries: 0 } },
    /** A bundle over the bytes themselves, which tells no digest of them. */
    signed: (bytes) => made({ messageSignature: { signature: sign(kind === "ed25519" ? null : "sha256", bytes, privateKey).toString("base64") } }),
    /** A bundle about subjects of these digests. */
    attested(...digests) {
      const subject = digests.map((digest, index) => ({ name: String(index), digest }));
      const payload = Buffer.from(JSON.stringify({ _type: "https://in-toto.io/Statement/v1", subject, predicateType: "https://acme.test/release", predicate: {} }));
      const payloadType = "application/vnd.in-toto+json";
      const encoded = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload]);
      const signatures = [{ sig: sign("sha256", encoded, privateKey).toString("base64") }];
      return made({ dsseEnvelope: { payload: payload.toString("base64"), payloadType, signatures } });
    },
  };
}

/** The body of so many bytes that the test signer knows. */
export function body(length) {
  const bytes = Buffer.alloc(Math.ceil(length / 65536) * 65536);
  for (let start = 0; start < length; start += 65536) {
    for (let at = 8; at < 65536; at += 1) bytes[start + at] = at % 251;
    bytes.writeBigUInt64BE(BigInt(start / 65536), start);
  }
  return new Uint8Array(bytes.subarray(0, length));
}

/** The same with one byte changed. */
export function tampered(bytes, at = bytes.length - 1) {
  const copy = new Uint8Array(bytes);
  copy[at] ^= 1;
  return copy;
}

export const identity = "https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3";

export const policy = keyless({ issuer: "https://token.actions.githubusercontent.com", identity });

/** The same demand on another signer. */
export const otherPolicy = keyless({ issuer: "https://token.actions.githubusercontent.com", identity: `${identity}x` });

let made;

/** The verifier that trusts the test signer. */
export const verifier = () => (made ??= createVerifier({ trustedRoot }));

/** A stream of bytes in pieces of a size, which counts what was read of it and knows whether it was cancelled. */
export function pieces(bytes, size = 10_000) {
  const seen = { read: 0, cancelled: undefined };
  let at = 0;
  const stream = new ReadableStream(
    {
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.slice(at, (at += size)));
        seen.read = Math.min(at, bytes.length);
      },
      cancel(reason) {
        seen.cancelled = reason ?? true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, seen };
}

/**
 * A gate over an upstream within the process, and what it told.
 *
 * @param answer the upstream's answer, or a function of the request that it is asked
 * @param options of the gate, beside those that are always the same
 */
export function gated(answer, options = {}) {
  const told = [];
  const asked = [];
  const handle = gate({
    verifier,
    policy,
    evidence: () => [bundle(`body-${LONG}`)],
    fetch: (request) => {
      asked.push(request);
      return typeof answer === "function" ? answer(request) : answer.clone();
    },
    onVerdict: (outcome) => void told.push(outcome),
    ...options,
  });
  return {
    told,
    asked,
    handle,
    ask: (init = {}) => handle(new Request("https://gate.test/file", init)),
  };
}

/** The body of a response, or the error that broke it; and how much of it was there. */
export async function read(response) {
  let length = 0;
  const parts = [];
  try {
    for await (const part of response.body ?? []) {
      parts.push(part);
      length += part.length;
    }
    return { length, bytes: new Uint8Array(Buffer.concat(parts)) };
  } catch (error) {
    return { length, error };
  }
}

/** That a response is a denial, as a program reads it. */
export async function denied(response, status, code) {
  assert.equal(response.status, status);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(response.headers.get("cache-control"), "no-store");
  const problem = await response.json();
  assert.equal(problem.code, code);
  assert.equal(problem.status, status);
  assert.equal(problem.type, `urn:admissible:problem:${code}`);
  assert.equal(response.headers.get("admissible-verdict").split(";")[0], problem.verdict);
  return problem;
}

/** The verdict header's parts. */
export const verdictOf = (response) => response.headers.get("admissible-verdict");

/** A verifier that is another in some of its members. */
export const differing = (real, own) => new Proxy(real, {
  get: (target, key) => (Object.hasOwn(own, key) ? own[key] : typeof target[key] === "function" ? target[key].bind(target) : target[key]),
});
