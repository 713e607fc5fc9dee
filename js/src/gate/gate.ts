import { Bench } from "./bench.js";
import { enforce } from "./enforce.js";
import { readSettings, type GateOptions, type GateResponseOptions, type Settings } from "./options.js";
import type { GateOutcome } from "./outcome.js";
import { observe } from "./report-only.js";
import type { Visit } from "./visit.js";

/**
 * A server in front of downloads: it passes on a file when the policy admits it by the evidence, and nothing else.
 *
 * @returns a handler of requests, for everything that speaks of `Request` and `Response`: `export default { fetch: gate(…) }`
 * @throws UsageError for options that are wrong. What goes wrong later is answered with 502, and told `onVerdict`.
 */
export function gate<Rest extends readonly unknown[] = readonly unknown[]>(options: GateOptions<Rest>): (request: Request, ...rest: Rest) => Promise<Response> {
  const settings = readSettings(options, ["fetch"]);
  const bench = new Bench(settings);
  const { evidence, fetch: ask = (request: Request) => globalThis.fetch(request), onVerdict } = options;
  return (request, ...rest) =>
    answer(settings, bench, {
      request,
      evidence: () => evidence(request, ...rest),
      ask: (asked) => ask(asked, ...rest),
      tell: once((outcome) => onVerdict?.(outcome, request)),
    });
}

/**
 * What a gate makes of a response that you have fetched, without redirects and ranges: the same response when the policy admits its body,
 * else a denial.
 *
 * @throws UsageError for options that are wrong.
 */
export async function gateResponse(response: Response, options: GateResponseOptions): Promise<Response> {
  const settings = readSettings(options, ["request"]);
  const { evidence, request, onVerdict } = options;
  return answer(settings, new Bench(settings), {
    ...(request !== undefined && { request }),
    response,
    evidence: () => (typeof evidence === "function" ? evidence() : evidence),
    tell: once((outcome) => onVerdict?.(outcome)),
  });
}

async function answer(settings: Settings, bench: Bench, visit: Visit): Promise<Response> {
  return settings.reportOnly ? observe(bench, visit) : enforce(settings, bench, visit);
}

/** A listener that hears one outcome, and whose own trouble is nobody's. */
function once(listener: (outcome: GateOutcome) => unknown): (outcome: GateOutcome) => void {
  let wasTold = false;
  return (outcome) => {
    if (wasTold) return;
    wasTold = true;
    void (async () => listener(outcome))().catch(() => undefined);
  };
}
