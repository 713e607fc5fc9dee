// Runtimes without workers: what imports the pool runs there too, up to where it makes one.
import { noWorkers } from "../pool/none.js";
import type { CreatePool } from "../pool/pool.js";

export * from "../pool/index.js";

/** There is no pool here. @throws UsageError `invalid-argument`. */
export const createPool: CreatePool = async () => {
  throw noWorkers();
};
