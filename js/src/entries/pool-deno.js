// Deno, whose own workers keep a program from ending: so by those of Node.js. Not TypeScript, since what it imports is none.
import { pools } from "../pool/pool.js";
import { threads } from "../pool/threads.js";
import { shared } from "./module-deno.js";

export * from "../pool/index.js";

/** Makes a pool, when its first worker has started. */
export const createPool = /* @__PURE__ */ pools(shared, threads);
