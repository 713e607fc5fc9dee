import { isEvaluation, isReport, type Verified } from "../engine.js";
import { isUsageCode, UsageError, VerificationFailed } from "../errors.js";
import type { Evaluation } from "../evaluation.js";
import type { WasmModule } from "../module.js";
import type { Report } from "../report.js";

/** The first message to a worker: what its verifier is made with. */
export interface Equipment {
  readonly wasm: WasmModule;
  readonly trustedRoot?: Uint8Array;
  readonly hostSignatures: boolean;
}

/** What a worker is to do: what a verifier takes, read and copied, so that it can be handed out again. */
export type Work = (
  | { readonly method: "inspect" | "verify"; readonly bundle: Uint8Array }
  | { readonly method: "evaluate"; readonly bundles: readonly Uint8Array[]; readonly policy: Uint8Array }
) & {
  /** The JSON text of everything else. */
  readonly options: string;
  /** The artifact, where it goes whole and so is no part of that text. */
  readonly artifact?: Uint8Array;
};

/** Work, by a number that is used once. */
export interface Order {
  readonly id: number;
  readonly work: Work;
}

/** An error of use, taken apart: a copy of an `Error` would be of no class of ours. */
export interface Misuse {
  readonly code: string;
  readonly message: string;
  readonly at: string;
}

/** What came of an order. Documents go as text, which `JSON.parse` reads faster than a copy of their objects is made. */
export type Outcome =
  | { readonly text: string; readonly payload?: Uint8Array }
  /** The report of a `VerificationFailed`. */
  | { readonly failed: string }
  | { readonly misuse: Misuse }
  /** Something that no verifier throws: the worker is not to be trusted any more. */
  | { readonly broken: string };

/** What a worker says: that it can begin, that it cannot, or what came of the oldest of its orders. */
export type Reply = { readonly ready: true } | { readonly unready: Misuse } | { readonly id: number; readonly outcome: Outcome };

/** An error of use as a message. */
export function misuseOf({ code, message, at }: UsageError): Misuse {
  return { code, message, at };
}

/** The error that a worker met. @throws TypeError when it is none of ours. */
export function usageError({ code, message, at }: Misuse): UsageError {
  if (!isUsageCode(code)) throw new TypeError("expected an error of use, found another code");
  return new UsageError(code, String(message), String(at));
}

/** The answer to an order. It is held to what its method gives, as the engine holds an instance to it. @throws TypeError or SyntaxError when it is not. */
export type Reading<T> = (text: string, payload: Uint8Array | undefined) => T;

export const readReport: Reading<Report> = (text) => isReport(JSON.parse(text));

export const readEvaluation: Reading<Evaluation> = (text) => isEvaluation(JSON.parse(text));

export const readVerified: Reading<Verified> = (text, payload) => {
  const verified = JSON.parse(text) as Verified;
  const report = isReport(verified.report);
  if (report.verdict !== "passed") throw new TypeError("expected a report that passed, found one that failed");
  return { ...verified, report, ...(payload !== undefined && { payload }) };
};

/** The error that `verify` threw. @throws TypeError when the report is of none. */
export function failure(text: string): VerificationFailed {
  const report = isReport(JSON.parse(text));
  if (report.verdict !== "failed") throw new TypeError("expected a report that failed, found one that passed");
  return new VerificationFailed(report);
}
