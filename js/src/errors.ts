import { usageCodes, type FailureCode, type UsageCode } from "./codes.js";
import { checkKeys, type CheckKey, type FailedReport, type Failure } from "./report.js";

/** A failure of a report, with the check it belongs to. */
export interface CheckFailure extends Failure {
  /** The check that failed, as its key in `report.checks`. */
  readonly check: CheckKey;
}

/**
 * The bundle did not verify. Thrown by `verify` and `verifySync`, and by nothing else.
 *
 * Test for it with `error instanceof VerificationFailed` or `error.name === "VerificationFailed"`.
 */
export class VerificationFailed extends Error {
  override readonly name = "VerificationFailed";
  /** The whole report; its verdict is `"failed"`. */
  readonly report: FailedReport;
  /** Every reason at once, in the order of the checks. */
  readonly failures: readonly CheckFailure[];
  /** The code of the first failure: the one to branch on when one is enough. */
  readonly code: FailureCode;

  constructor(report: FailedReport) {
    super(report.summary);
    this.report = report;
    this.failures = checkKeys.flatMap((check) => {
      const outcome = report.checks[check];
      return outcome.status === "failed" ? outcome.failures.map((failure) => ({ check, ...failure })) : [];
    });
    const first = this.failures[0];
    if (first === undefined) throw new UsageError("verifier-lost", "the verifier refused without a reason");
    this.code = first.code;
  }
}

/**
 * The call itself is wrong (its policy, trusted root or arguments), or no verdict could be reached
 * (`"verifier-lost"`). It says nothing about the bundle, which counts as not verified.
 *
 * Test for it with `error instanceof UsageError` or `error.name === "UsageError"`.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What is wrong; one of a closed list. */
  readonly code: UsageCode;
  /**
   * JSON pointer to the wrong value in the options, the trusted root or the report; empty when it is the whole. A comparison of two
   * documents puts the argument's name first: `/next/mediaType`.
   */
  readonly at: string;

  constructor(code: UsageCode, message: string, at = "", options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.at = at;
  }
}

/** Whether a string is one of the codes of `UsageError`. */
export function isUsageCode(code: unknown): code is UsageCode {
  return (usageCodes as readonly unknown[]).includes(code);
}
