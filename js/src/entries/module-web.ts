// Browsers, and every runtime that has fetch: the module is fetched from beside this file.
import { SharedModule } from "../module.js";

export const shared: SharedModule = /* @__PURE__ */ new SharedModule({ load: () => new URL("../wasm/core.wasm", import.meta.url) });
