import type { EvidenceGiven } from "./options.js";
import { digestText, Refusal, unavailable, type GateOutcome } from "./outcome.js";
import { abandon } from "./upstream.js";

/** One request, whoever fetches what it asks for. */
export interface Visit {
  readonly request?: Request;
  readonly evidence: () => EvidenceGiven | PromiseLike<EvidenceGiven>;
  /** The upstream's answer, where it is here already; else `ask` gets it. */
  readonly response?: Response;
  readonly ask?: (request: Request) => Response | PromiseLike<Response>;
  /** Told what became of it; hears the first outcome only. */
  readonly tell: (outcome: GateOutcome) => void;
}

/** The upstream's answer, which is had once and let go of when it is not passed on. */
export class Upstream {
  readonly #visit: Visit;
  #response: Response | undefined;

  constructor(visit: Visit) {
    this.#visit = visit;
    this.#response = visit.response;
  }

  /**
   * The answer, to the request as `asked` makes it of the client's.
   *
   * @throws Refusal when there is none.
   */
  async answer(asked: (request: Request) => Request): Promise<Response> {
    const { ask, request } = this.#visit;
    if (this.#response !== undefined) return this.#response;
    try {
      const response = ask === undefined || request === undefined ? undefined : await ask(asked(request));
      if (Object.prototype.toString.call(response) !== "[object Response]") throw new TypeError("`fetch` returned no Response");
      return (this.#response = response as Response);
    } catch (cause) {
      if (request?.signal?.aborted === true) throw unavailable("aborted", "the client went away", cause);
      throw unavailable("upstream-unreachable", "the upstream did not answer", cause);
    }
  }

  letGo(): void {
    if (this.#response !== undefined) abandon(this.#response);
  }
}

/** How long each part of the work took, for `Server-Timing`. */
export class Clock {
  readonly #parts: string[] = [];

  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#parts.push(`${name};dur=${(performance.now() - start).toFixed(1)}`);
    }
  }

  get headers(): Readonly<Record<string, string>> {
    return this.#parts.length === 0 ? {} : { "server-timing": this.#parts.join(", ") };
  }
}

/** The verdict as a header: a structured field item (RFC 9651 §3.3), `verified;digest="sha256:…"`. Without an outcome it is still to come. */
export function verdictHeader(outcome: GateOutcome | undefined, isReportOnly = false): Readonly<Record<string, string>> {
  const digest = outcome !== undefined && "digest" in outcome && outcome.digest !== undefined ? `;digest="${digestText(outcome.digest)}"` : "";
  return { "admissible-verdict": `${outcome?.verdict ?? "pending"}${digest}${isReportOnly ? ";report-only" : ""}` };
}

/** @throws Refusal for a method that asks for no file. */
export function methodOf(request: Request | undefined): "GET" | "HEAD" {
  const method = request?.method ?? "GET";
  if (method === "GET" || method === "HEAD") return method;
  const message = `expected GET or HEAD, found ${method}`;
  throw new Refusal({ verdict: "unavailable", admitted: false, code: "method-not-allowed", message }, 405, { allow: "GET, HEAD" });
}

/** Whether the client has the file of this tag already (RFC 9110 §13.1.2, where tags are compared weakly). */
export function isHeld(request: Request | undefined, tag: string): boolean {
  const held = request?.headers.get("if-none-match") ?? "";
  return held.trim() === "*" || Array.from(held.matchAll(/"[^"]*"/gu), ([one]) => one).includes(tag);
}
