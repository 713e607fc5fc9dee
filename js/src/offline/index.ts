/** Evidence that was asked for once, kept, and judged without a network. */
export { SourceUnavailable } from "../sources/fetching.js";
export { Recording } from "./recording.js";
export { replay } from "./replay.js";
export type { Fetch, Store } from "./store.js";
