import { isBytes } from "./bytes.js";
import { UsageError } from "./errors.js";

/**
 * A compiled module: `WebAssembly.Module`, by what tells it from all else. Node.js' types alone do not know that name, and where it is
 * known it is an empty interface, which a number would do for.
 */
export interface WasmModule {
  readonly [Symbol.toStringTag]?: "WebAssembly.Module";
}

/** What the verifier's WebAssembly can be made from without waiting: a compiled module or its bytes. */
export type WasmSourceSync = WasmModule | ArrayBuffer | Uint8Array;

/** What the verifier's WebAssembly can be made from: also the URL to fetch it from, a response that holds it, or a promise. */
export type WasmSource = WasmSourceSync | URL | string | Response | PromiseLike<WasmSourceSync | URL | string | Response>;

/** How one runtime gets at the module. */
export interface Loader {
  /** Fetches or reads it. Called again after it failed. */
  load(): WasmSource;
  /** The same without waiting, in runtimes that can. */
  loadSync?(): WasmSourceSync;
}

/** The module, compiled at most once however many callers ask for it at the same time. */
export class SharedModule {
  readonly #loader: Loader;
  #module: WasmModule | undefined;
  #loading: Promise<WasmModule> | undefined;

  constructor(loader: Loader) {
    this.#loader = loader;
  }

  /** @throws UsageError `verifier-lost` when loading fails; the next call tries again. */
  async get(): Promise<WasmModule> {
    if (this.#module !== undefined) return this.#module;
    this.#loading ??= compile(() => this.#loader.load());
    try {
      this.#module = await this.#loading;
    } finally {
      this.#loading = undefined;
    }
    return this.#module;
  }

  /** @throws UsageError `invalid-argument` where the runtime can only load asynchronously, `verifier-lost` when loading fails. */
  getSync(): WasmModule {
    if (this.#module !== undefined) return this.#module;
    const { loadSync } = this.#loader;
    if (loadSync === undefined) {
      throw new UsageError(
        "invalid-argument",
        "this runtime loads WebAssembly asynchronously: use createVerifier, or pass the module as `wasm`",
      );
    }
    return (this.#module = compileSync(() => loadSync()));
  }
}

/**
 * A compiled module, also of another realm, passes as it is; all else is fetched and compiled.
 *
 * @throws UsageError `verifier-lost` when that fails, `invalid-argument` when it is nothing to make a module of.
 */
export async function compile(load: () => WasmSource): Promise<WasmModule> {
  try {
    let source = await load();
    if (typeof source === "string" || source instanceof URL) source = await fetched(source);
    if (isResponse(source)) return await compileResponse(source);
    if (isBytes(source)) return await compileBytes(source);
    return isModule(source);
  } catch (cause) {
    throw notLoaded(cause);
  }
}

/** `compile` without waiting. */
export function compileSync(load: () => unknown): WasmModule {
  try {
    const source = load();
    return isBytes(source) ? new WebAssembly.Module(source) : isModule(source);
  } catch (cause) {
    throw notLoaded(cause);
  }
}

async function fetched(url: string | URL): Promise<Response> {
  try {
    return await fetch(url);
  } catch (cause) {
    // Browsers say no more than that it failed.
    throw new Error(`${String(url)} could not be fetched${reason(cause)}`, { cause });
  }
}

/** Bundlers for edge runtimes refuse code in which `compile` is spelled as a member of `WebAssembly`, though nothing calls it there. */
function compileBytes(bytes: Uint8Array<ArrayBuffer> | ArrayBuffer): Promise<WasmModule> {
  const { compile: compiled } = WebAssembly;
  return compiled(bytes);
}

async function compileResponse(response: Response): Promise<WasmModule> {
  const type = response.headers.get("content-type");
  const what = `status ${String(response.status)} and ${type === null ? "no content type" : `content type ${type}`}`;
  const answer = `${response.url || "a Response"} answered with ${what}`;
  if (!response.ok) throw new Error(answer);
  // Anything else, if only a charset, is refused by compileStreaming. Bun may end the program, as if all were well, before that is done.
  const streamable = type === "application/wasm" && !("Bun" in globalThis);
  try {
    return await (streamable ? WebAssembly.compileStreaming(response) : compileBytes(await response.arrayBuffer()));
  } catch (cause) {
    throw new Error(`${answer}${reason(cause)}`, { cause });
  }
}

function isModule(source: unknown): WasmModule {
  if (Object.prototype.toString.call(source) === "[object WebAssembly.Module]") return source as WasmModule;
  const got = source === null ? "null" : `a value of type ${typeof source}`;
  throw new UsageError("invalid-argument", `WebAssembly comes as a module, its bytes, or where waiting is possible a URL or a Response, not as ${got}`);
}

function isResponse(source: unknown): source is Response {
  return Object.prototype.toString.call(source) === "[object Response]";
}

function notLoaded(cause: unknown): UsageError {
  if (cause instanceof UsageError) return cause;
  const hint = WebAssembly.validate(smallestWithSimd) ? "" : "; this runtime has no WebAssembly SIMD: pass `admissible/core-baseline.wasm` as `wasm`";
  return new UsageError("verifier-lost", `the verifier's WebAssembly module did not load${reason(cause)}${hint}`, "", { cause });
}

function reason(cause: unknown): string {
  return cause instanceof Error ? `: ${cause.message}` : "";
}

/** A module of one function, `i8x16.splat`: valid where SIMD is known. */
const smallestWithSimd = /* @__PURE__ */ Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, // magic and version
  1, 5, 1, 0x60, 0, 1, 0x7b, // one type: no parameters, a v128
  3, 2, 1, 0, // one function of it
  10, 8, 1, 6, 0, 0x41, 0, 0xfd, 0x0f, 0x0b, // i32.const 0, i8x16.splat, end
);
