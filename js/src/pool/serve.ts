// The worker's side: a verifier as any other, which takes orders one after the other.

import { createVerifier } from "../entries/slim.js";
import { UsageError, VerificationFailed } from "../errors.js";
import type { VerifyOptions } from "../options.js";
import type { EvaluationRequest } from "../request.js";
import type { Verifier } from "../verifier.js";
import { misuseOf, type Equipment, type Order, type Outcome, type Reply, type Work } from "./message.js";

/** Says something to the pool. */
export type Say = (reply: Reply, transfer: ArrayBuffer[]) => void;

/** What takes the pool's messages. The first is the equipment, all others are orders. */
export function serve(say: Say): (message: unknown) => void {
  let verifier: Verifier | undefined;
  const begin = async (equipment: Equipment): Promise<void> => {
    try {
      verifier = await createVerifier(equipment);
      say({ ready: true }, []);
    } catch (error) {
      say({ unready: error instanceof UsageError ? misuseOf(error) : { code: "verifier-lost", message: String(error), at: "" } }, []);
    }
  };
  const obey = async ({ id, work }: Order): Promise<void> => {
    if (verifier === undefined) return;
    const outcome = await outcomeOf(verifier, work);
    const payload = "payload" in outcome ? outcome.payload : undefined;
    say({ id, outcome }, payload?.buffer instanceof ArrayBuffer ? [payload.buffer] : []);
  };
  let last: Promise<void> | undefined;
  return (message) => {
    // In their order, whatever is waited for: the pool takes the oldest for the one that is worked on.
    last = last === undefined ? begin(message as Equipment) : last.then(() => obey(message as Order));
  };
}

async function outcomeOf(verifier: Verifier, work: Work): Promise<Outcome> {
  try {
    const given = JSON.parse(work.options) as object;
    const artifact = work.artifact !== undefined && { artifact: work.artifact };
    if (work.method === "evaluate") {
      const { bundles, policy } = work;
      return { text: JSON.stringify(await verifier.evaluate({ ...given, ...artifact, bundles, policy } as EvaluationRequest)) };
    }
    const options = { ...given, ...artifact } as VerifyOptions;
    if (work.method === "inspect") return { text: JSON.stringify(await verifier.inspect(work.bundle, options)) };
    const { payload, ...verified } = await verifier.verify(work.bundle, options);
    return { text: JSON.stringify(verified), ...(payload !== undefined && { payload }) };
  } catch (error) {
    if (error instanceof VerificationFailed) return { failed: JSON.stringify(error.report) };
    return error instanceof UsageError ? { misuse: misuseOf(error) } : { broken: String(error) };
  }
}
