// The module is part of the one file.
export { createVerifier } from "admissible/inline";

/** A file alone has no script for workers. */
export async function createPool(): Promise<never> {
  throw new Error("expected workers, found a page that is one file");
}
