import type { WasmModule } from "../module.js";

/** The exports of the WebAssembly module, as `cargo xtask build` writes them to `dist/wasm/glue.js`. */
export interface Exports {
  readonly Verifier: new (trustedRoot?: Uint8Array) => WasmVerifier;
  readonly Hasher: new (algorithm: string) => WasmHasher;
  describe(bundle: Uint8Array): unknown;
  readSource(document: Uint8Array): unknown;
  readImageName(name: string): unknown;
  readImageDocument(bytes: Uint8Array, expected: string): unknown;
  /** `indexes` holds them one after the other, each as long as `lengths` says. */
  findPlatform(platform: string, indexes: Uint8Array, lengths: Uint32Array): unknown;
  readImageLayer(layer: string, bytes: Uint8Array, image: string | undefined): unknown;
  verifyRegistrySignature(reference: string, description: Uint8Array, keys: Uint8Array | undefined, published: string | undefined): unknown;
  wantedDigests(bundle: Uint8Array): string[];
  wantsWhole(bundle: Uint8Array): boolean;
  claimedDigests(bundle: Uint8Array): unknown;
  codes(): unknown;
  version(): string;
  checkPolicy(policy: Uint8Array): unknown;
  baseline(report: string): unknown;
  compareTrust(previous: string, next: string): unknown;
  compareInputs(report: string, used: string): unknown;
  summarize(report: string, options: string): unknown;
}

/** A parsed set of trusted roots. What it throws is an object with a `kind`: `"usage"` or `"failed"`. */
export interface WasmVerifier {
  trustedRootSha256(): string;
  inspect(bundle: Uint8Array, artifact: Uint8Array | undefined, options: string): unknown;
  verify(bundle: Uint8Array, artifact: Uint8Array | undefined, options: string): unknown;
  /** `bundles` holds them one after the other, each as long as `lengths` says. */
  evaluate(
    bundles: Uint8Array,
    lengths: Uint32Array,
    artifact: Uint8Array | undefined,
    policy: Uint8Array,
    request: string,
  ): unknown;
}

/** An incremental hash; `finish` uses it up, `free` gives it back unfinished. */
export interface WasmHasher {
  update(chunk: Uint8Array): void;
  finish(): string;
  free(): void;
}

/** Makes a new instance of the compiled module, independent of all others. */
export function instantiate(module: WasmModule): Exports;
