// Deno: an import of the source phase needs no permission. tsc does not know the syntax: the build copies this.
import source module from "../wasm/core.wasm";
import { SharedModule } from "../module.js";

export const shared = /* @__PURE__ */ new SharedModule({ load: async () => module, loadSync: () => module });
