import type { WasmModule } from "../module.js";

/** The exports of the WebAssembly module, as `cargo xtask build` writes them to `dist/wasm/glue.js`. */
export interface Exports {
  readonly Verifier: new (trustedRoot?: Uint8Array) => WasmVerifier;
  readonly Hasher: new (algorithm: string) => WasmHasher;
  describe(bundle: Uint8Array): string;
  readSource(document: Uint8Array): string;
  readImageName(name: string): string;
  readImageDocument(bytes: Uint8Array, expected: string): string;
  /** `indexes` holds them one after the other, each as long as `lengths` says. */
  findPlatform(platform: string, indexes: Uint8Array, lengths: Uint32Array): string;
  readImageLayer(layer: string, bytes: Uint8Array, image: string | undefined): string;
  verifyRegistrySignature(reference: string, description: Uint8Array, keys: Uint8Array | undefined, published: string | undefined): string;
  wantedDigests(bundle: Uint8Array): string[];
  wantsWhole(bundle: Uint8Array): boolean;
  claimedDigests(bundle: Uint8Array): string;
  codes(): string;
  version(): string;
  checkPolicy(policy: Uint8Array): string;
  baseline(report: string): string;
  compareTrust(previous: string, next: string): string;
  compareInputs(report: string, used: string): string;
  summarize(report: string, options: string): string;
}

/** A parsed set of trusted roots. What it answers is JSON text; what it throws too, with a `kind`: `"usage"` or `"failed"`. */
export interface WasmVerifier {
  trustedRootSha256(): string;
  // A host that answers at once is asked first; what it does not find valid is verified without it.
  inspect(host: WasmPromptHost | undefined, bundle: Uint8Array, artifact: Uint8Array | undefined, options: string): string;
  verify(host: WasmPromptHost | undefined, bundle: Uint8Array, artifact: Uint8Array | undefined, options: string): string;
  takePayload(): Uint8Array | undefined;
  /** `bundles` holds them one after the other, each as long as `lengths` says. */
  evaluate(
    host: WasmPromptHost | undefined,
    bundles: Uint8Array,
    lengths: Uint32Array,
    artifact: Uint8Array | undefined,
    policy: Uint8Array,
    request: string,
  ): string;
  // The same with a host that answers later; `undefined` while too many such calls wait.
  inspectDeferred(host: WasmHost, bundle: Uint8Array, artifact: Uint8Array | undefined, options: string): WasmDeferred | undefined;
  verifyDeferred(host: WasmHost, bundle: Uint8Array, artifact: Uint8Array | undefined, options: string): WasmDeferred | undefined;
  evaluateDeferred(
    host: WasmHost,
    bundles: Uint8Array,
    lengths: Uint32Array,
    artifact: Uint8Array | undefined,
    policy: Uint8Array,
    request: string,
  ): WasmDeferred | undefined;
  /** Verifies what is not for the host. */
  verifyOwn(deferred: WasmDeferred): void;
  /**
   * Uses it up: what the call would have returned or thrown without the host, if that found every signature valid. If not, `undefined`, and the call must be
   * made again without.
   */
  settle(deferred: WasmDeferred, foundValid: number): string | undefined;
}

/**
 * Whether a signature is valid: ECDSA on the curve of so many bits, over the SHA-2 digest of so many bits. The key is an uncompressed point; the signature
 * comes in DER, and as its two integers side by side. The bytes are views of WebAssembly's memory, and other ones soon.
 */
export type WasmQuestion = readonly [
  curve: number,
  hash: number,
  point: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  integers: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
];

/** Who is asked about signatures while a judgement is made, and answers later. */
export interface WasmHost {
  /** Must not throw. */
  ask(...question: WasmQuestion): void;
}

/** The same that answers at once. */
export interface WasmPromptHost {
  /** `false` also where it does not know. Must not throw. */
  isValid(...question: WasmQuestion): boolean;
}

/** A judgement that the core keeps until the host has verified its signatures. `settle` of its verifier uses it up, `free` gives it up. */
export interface WasmDeferred {
  free(): void;
}

/** An incremental hash; `finish` uses it up, `free` gives it back unfinished. */
export interface WasmHasher {
  update(chunk: Uint8Array): void;
  finish(): string;
  free(): void;
}

/** Makes a new instance of the compiled module, independent of all others. */
export function instantiate(module: WasmModule): Exports;
