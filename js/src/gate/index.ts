export { UsageError } from "../errors.js";
export { cacheApiCache, memoryCache, type CachedVerdict, type ResponseCache, type VerdictCache } from "./cache.js";
export type { GateProblem } from "./denial.js";
export { gate, gateResponse } from "./gate.js";
export type { Evidence, EvidenceGiven, GateOptions, GateResponseOptions, JudgingOptions } from "./options.js";
export type { GateCode, GateOutcome, Judged, Judgement, Refused, Unavailable } from "./outcome.js";
