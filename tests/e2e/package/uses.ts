// What a consumer writes, with the names of any of the environments. Compiled, never run: each @ts-expect-error must be an error.

import { createVerifier, createVerifierSync, type Artifact, type WasmModule } from "admissible";
import { github, type Policy } from "admissible/policy";
import { createPool, type Pool } from "admissible/pool";
import * as slim from "admissible/slim";
import wasm from "admissible/core.wasm";

const signer = { issuer: "https://issuer.example", identity: { glob: "https://acme.example/**" } };
const policy: Policy = github({ repository: "acme/app" });
const url = new URL("https://acme.example/core.wasm");
declare const compiled: WasmModule;

export async function right(): Promise<void> {
  const verifier = await createVerifier();
  const artifacts: Artifact[] = [new Uint8Array(), new ArrayBuffer(1), "sha256:00", new Blob([]), new ReadableStream<Uint8Array>(), new Response()];
  for (const artifact of artifacts) await verifier.verify("{}", { artifact, signer, signal: new AbortController().signal });
  const { verdict } = await verifier.evaluate({ bundles: [], artifact: "sha256:00", policy });
  if (verdict === "verified") verifier.hasher(["sha256"]).update(new Uint8Array());
  for (const source of [compiled, new Uint8Array(), new ArrayBuffer(1)]) {
    createVerifierSync({ wasm: source });
    slim.createVerifierSync({ wasm: source });
    await createVerifier({ wasm: Promise.resolve(source) });
  }
  for (const source of [wasm, url, "/core.wasm", fetch(url), new Response(), compiled]) await slim.createVerifier({ wasm: source });
}

export async function pooled(): Promise<void> {
  await using pool: Pool = await createPool({ workers: 2 });
  await pool.inspect("{}", { artifact: "sha256:00", signer });
}

export async function wrong(): Promise<void> {
  const verifier = await createVerifier();
  // @ts-expect-error the signer is not left out
  await verifier.verify("{}", { artifact: "sha256:00" });
  // @ts-expect-error nor the artifact
  await verifier.verify("{}", { signer });
  // @ts-expect-error a misspelt option
  await verifier.verify("{}", { artifact: "sha256:00", signer, requires: {} });
  // @ts-expect-error a policy is not left out
  await verifier.evaluate({ bundles: [], artifact: "sha256:00" });
  // @ts-expect-error the module is not left out
  await slim.createVerifier();
  // @ts-expect-error nor where nothing is waited for
  slim.createVerifierSync({ trustedRoot: "{}" });
  // @ts-expect-error a number is no module
  await createVerifier({ wasm: 7 });
  // @ts-expect-error neither is an object, whatever it holds
  await createVerifier({ wasm: { module: compiled } });
  // @ts-expect-error nor a list
  await createVerifier({ wasm: [compiled] });
  // @ts-expect-error nor a function
  await createVerifier({ wasm: () => compiled });
  // @ts-expect-error nothing is fetched without waiting
  createVerifierSync({ wasm: "https://acme.example/core.wasm" });
  // @ts-expect-error not by a URL either
  createVerifierSync({ wasm: url });
  // @ts-expect-error nor read from a response
  createVerifierSync({ wasm: new Response() });
  // @ts-expect-error nor waited for
  createVerifierSync({ wasm: Promise.resolve(compiled) });
  // @ts-expect-error with no entry
  slim.createVerifierSync({ wasm: fetch(url) });
  // @ts-expect-error a number is nowhere a module
  slim.createVerifierSync({ wasm: 7 });
}
