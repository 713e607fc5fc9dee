export type { Batch, BatchCounts, BatchItem, BatchOptions, BatchProgress, BatchResult } from "../batch.js";
export { UsageError, VerificationFailed } from "../errors.js";
export type { PoolOptions } from "./options.js";
export type { CreatePool, Pool } from "./pool.js";
