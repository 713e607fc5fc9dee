import { UsageError } from "../errors.js";

/** What is thrown where there are no workers: at the edge, and in service workers. */
export function noWorkers(): UsageError {
  return new UsageError("invalid-argument", "expected a runtime with workers, found none: use createVerifier");
}
