import type { Bench } from "./bench.js";
import { watched } from "./body.js";
import { BodyExamination, refusalOf, withoutConsequence } from "./examination.js";
import { unavailable, type GateOutcome, type Judged } from "./outcome.js";
import { declaredLength, unread } from "./upstream.js";
import { Clock, Upstream, verdictHeader, type Visit } from "./visit.js";

/** Lets everything pass as it is, asks as the client asked, and tells what a gate would have made of it. */
export async function observe(bench: Bench, visit: Visit): Promise<Response> {
  const clock = new Clock();
  const [hearing, response] = await Promise.all([hear(bench, visit, clock), answered(visit)]);
  const judged = judgeable(hearing, response, visit.request?.method ?? "GET");
  if ("outcome" in judged) {
    visit.tell(judged.outcome);
    return marked(response, response.body, judged.outcome, clock);
  }
  const declared = declaredLength(response);
  const examination = withoutConsequence(judged.examine(declared));
  if (response.body !== null) return marked(response, watched(response.body, examination, declared, visit.request?.signal), judged.expected, clock);
  await examination.end();
  return marked(response, null, judged.expected, clock);
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

/** What was heard, unless the answer holds no file to judge by it. */
function judgeable(hearing: Hearing, response: Response, method: string): Hearing {
  if ("outcome" in hearing) return hearing;
  if (method !== "GET" || response.status !== 200) return unavailable("not-judged", "only the answer 200 to a GET holds a whole file");
  try {
    unread(response);
    return hearing;
  } catch (reason) {
    return refusalOf(reason);
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
