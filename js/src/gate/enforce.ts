import type { Bench } from "./bench.js";
import { begin, breaksNoticeably, gathered, tooLarge } from "./body.js";
import { denial } from "./denial.js";
import { BodyExamination, refusalOf } from "./examination.js";
import type { Settings } from "./options.js";
import { digestText, type Judged } from "./outcome.js";
import { abandon, declaredLength, passedOn, upstreamRequest, wholeFile } from "./upstream.js";
import { Clock, isHeld, methodOf, Upstream, verdictHeader, type Visit } from "./visit.js";

/** Lets pass what is admitted. Whatever is thrown on the way becomes a denial. */
export async function enforce(settings: Settings, bench: Bench, visit: Visit): Promise<Response> {
  const [clock, upstream] = [new Clock(), new Upstream(visit)];
  try {
    return await admit(settings, bench, visit, upstream, clock);
  } catch (reason) {
    upstream.letGo();
    const refusal = refusalOf(reason);
    visit.tell(refusal.outcome);
    return denial(refusal, visit.request, { ...verdictHeader(refusal.outcome), ...clock.headers });
  }
}

/** @throws Refusal */
async function admit(settings: Settings, bench: Bench, visit: Visit, upstream: Upstream, clock: Clock): Promise<Response> {
  const { request, tell } = visit;
  const method = methodOf(request);
  const heard = await clock.time("evidence", () => bench.open(visit.evidence));
  const { expected, algorithms } = await clock.time("verify", () => heard.prospect());
  const tag = expected === undefined ? undefined : `"${digestText(expected.digest)}"`;
  if (expected !== undefined && tag !== undefined && isHeld(request, tag)) {
    // A condition is about a file that is there (RFC 9110 §13.2.1); of an upstream that was not asked, nobody knows better.
    if (visit.response !== undefined) wholeFile(visit.response);
    upstream.letGo();
    tell(expected);
    return new Response(null, { status: 304, headers: { etag: tag, ...verdictHeader(expected), ...clock.headers } });
  }

  const response = wholeFile(await clock.time("upstream", () => upstream.answer(upstreamRequest)));
  const declared = declaredLength(response);
  const answer = (body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null, length: number | undefined, judged: Judged | undefined): Response => {
    const headers = passedOn(response);
    const own = { ...(tag !== undefined && { etag: tag }), ...verdictHeader(judged), ...clock.headers };
    for (const [name, value] of Object.entries(own)) headers.set(name, value);
    if (length !== undefined) headers.set("content-length", String(length));
    return new Response(body, { headers });
  };
  if (method === "HEAD") {
    abandon(response);
    if (expected !== undefined) tell(expected);
    return answer(null, declared, expected);
  }

  const examination = new BodyExamination(heard, algorithms, declared, tell);
  if (settings.mode === "buffer" || !breaksNoticeably(declared)) {
    const most = settings.maxBufferBytes;
    if (declared !== undefined && declared > most) throw tooLarge(most);
    const whole = await gathered(response.body, examination, most, request?.signal);
    return answer(whole, whole.length, examination.judged);
  }
  const begun = await begin(response.body, examination, declared, request?.signal);
  if ("stream" in begun) return answer(begun.stream, declared, expected);
  return answer(begun.whole, begun.whole.length, examination.judged);
}
