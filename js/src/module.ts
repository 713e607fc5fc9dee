import { isBytes } from "./bytes.js";
import { UsageError } from "./errors.js";

/** What the verifier's WebAssembly can be made from: a compiled module or its bytes. */
export type WasmSource = WebAssembly.Module | ArrayBuffer | Uint8Array;

/** How one runtime gets at the module. */
export interface Loader {
  /** Fetches or reads it. Called again after it failed. */
  load(): Promise<WasmSource>;
  /** The same without waiting, in runtimes that can. */
  loadSync?(): WasmSource;
}

/** The module, compiled at most once however many callers ask for it at the same time. */
export class SharedModule {
  readonly #loader: Loader;
  #module: WebAssembly.Module | undefined;
  #loading: Promise<WebAssembly.Module> | undefined;

  constructor(loader: Loader) {
    this.#loader = loader;
  }

  /** @throws UsageError `verifier-lost` when loading fails; the next call tries again. */
  async get(): Promise<WebAssembly.Module> {
    if (this.#module !== undefined) return this.#module;
    this.#loading ??= this.#load();
    try {
      return await this.#loading;
    } finally {
      this.#loading = undefined;
    }
  }

  /** @throws UsageError `invalid-argument` where the runtime can only load asynchronously. */
  getSync(): WebAssembly.Module {
    if (this.#module !== undefined) return this.#module;
    if (this.#loader.loadSync === undefined) {
      throw new UsageError(
        "invalid-argument",
        "this runtime loads WebAssembly asynchronously: use createVerifier, or pass the module as `wasm`",
      );
    }
    try {
      this.#module = compileSync(this.#loader.loadSync());
    } catch (cause) {
      throw notLoaded(cause);
    }
    return this.#module;
  }

  async #load(): Promise<WebAssembly.Module> {
    try {
      this.#module = await compile(await this.#loader.load());
    } catch (cause) {
      throw notLoaded(cause);
    }
    return this.#module;
  }
}

/** A compiled module passes as it is, also one of another realm. */
export async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  return isBytes(source) ? WebAssembly.compile(source) : source;
}

/** `compile` without waiting. */
export function compileSync(source: WasmSource): WebAssembly.Module {
  return isBytes(source) ? new WebAssembly.Module(source) : source;
}

function notLoaded(cause: unknown): UsageError {
  const reason = cause instanceof Error ? `: ${cause.message}` : "";
  return new UsageError("verifier-lost", `the verifier's WebAssembly module did not load${reason}`, "", { cause });
}
