import type { Bench } from "./bench.js";
import { watched } from "./body.js";
import { BodyExamination, refusalOf, withoutConsequence } from "./examination.js";
import { unavailable, type GateOutcome, type Judged } from "./outcome.js";
import { declaredLength } from "./upstream.js";
import { Clock, Upstream, verdictHeader, type Visit } from "./visit.js";

/** Lets everything pass as it is, asks as the client asked, and tells what a gate would have made of it. */
export async function observe(bench: Bench, visit: Visit): Promise<Response> {
  const clock = new Clock();
  const [hearing, response] = await Promise.all([hear(bench, visit, clock), answered(visit)]);
  const isWhole = (visit.request?.method ?? "GET") === "GET" && response.status === 200;
  if ("outcome" in hearing || !isWhole) {
    const outcome = "outcome" in hearing ? hearing.outcome : unavailable("not-judged", "only the answer 200 to a GET holds a whole file").outcome;
    visit.tell(outcome);
    return marked(response, response.body, outcome, clock);
  }
  const examination = withoutConsequence(hearing.examine(declaredLength(response)));
  if (response.body !== null) return marked(response, watched(response.body, examination), hearing.expected, clock);
  await examination.end();
  return marked(response, null, hearing.expected, clock);
}

/** The verdict before the body is there, or how to reach one. */
type Hearing = { readonly outcome: GateOutcome } | { readonly expected: Judged | undefined; readonly examine: (declared: number | undefined) => BodyExamination };

async function hear(bench: Bench, visit: Visit, clock: Clock): Promise<Hearing> {
  try {
    const heard = await clock.time("evidence", () => bench.open(visit.evidence));
    const { expected, algorithms } = await clock.time("verify", () => heard.prospect());
    return { expected, examine: (declared) => new BodyExamination(heard, algorithms, declared, visit.tell) };
  } catch (reason) {
    return { outcome: refusalOf(reason).outcome };
  }
}

/** @throws what the upstream throws, as if there were no gate */
async function answered(visit: Visit): Promise<Response> {
  try {
    return await new Upstream(visit).answer((request) => request);
  } catch (reason) {
    const { outcome } = refusalOf(reason);
    visit.tell(outcome);
    throw "cause" in outcome ? outcome.cause : reason;
  }
}

/** The same response with the verdict as a header, where the runtime lets one be made: an opaque answer stays as it is. */
function marked(response: Response, body: ReadableStream<Uint8Array> | null, outcome: GateOutcome | undefined, clock: Clock): Response {
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  const isDecoded = body !== response.body && headers.has("content-encoding");
  if (isDecoded) for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  for (const [name, value] of Object.entries({ ...verdictHeader(outcome, true), ...clock.headers })) headers.set(name, value);
  try {
    return new Response(body, { status, statusText, headers });
  } catch {
    return response;
  }
}
