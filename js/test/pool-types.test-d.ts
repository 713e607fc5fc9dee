// The pool's types as a user meets them. Compiled, never run: each @ts-expect-error must be an error.

import type { Verified, Verifier } from "admissible";
import { createPool, UsageError, type Pool, type PoolOptions } from "admissible/pool";

const given: PoolOptions = { workers: 2, taskTimeout: 1000, trustedRoot: "{}", signal: new AbortController().signal };
await using pool: Pool = await createPool(given);
const signer = { issuer: "https://issuer.example", identity: "someone@example.org" };

// What judges with a verifier judges with a pool.
const judge: Pick<Verifier, "inspect" | "verify" | "evaluate" | "batch"> = pool;
const verified: Verified = await judge.verify("{}", { artifact: new Uint8Array(), signer });
const { results, counts } = await pool.batch([{ bundle: "{}", artifact: "sha256:00", signer }], { concurrency: 8 });
void [verified, results, counts.verified satisfies number, pool.size satisfies number, UsageError];

// @ts-expect-error an option that there is not
await createPool({ worker: 2 });
// @ts-expect-error nothing is done without waiting
pool.verifySync("{}", { artifact: new Uint8Array(), signer });
// @ts-expect-error the signer is not left out
await pool.verify("{}", { artifact: new Uint8Array() });
