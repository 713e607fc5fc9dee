// Node.js and Bun.
import { pools, type CreatePool } from "../pool/pool.js";
import { threads } from "../pool/threads.js";
import { shared } from "./module-node.js";

export * from "../pool/index.js";

/** Makes a pool, when its first worker has started. */
export const createPool: CreatePool = /* @__PURE__ */ pools(shared, threads);
