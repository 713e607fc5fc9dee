import { symbolShapes } from "../badge/symbols.js";
import type { Badge, BadgeFact, BadgeLine, BadgeReason } from "../badge/model.js";
import { html, nothing, svg, type TemplateResult } from "../vendor/lit/index.js";
import type { ElementWords } from "./judged.js";
import type { ProvenanceCopy } from "./types.js";

/** What may be drawn of something that is put together from parts. */
export type Drawn = TemplateResult | typeof nothing;

/** How a part copies something. */
export interface Copying {
  readonly words: ElementWords;
  readonly copied: { readonly label: string; readonly done: boolean } | undefined;
  readonly copy: (event: Event, what: ProvenanceCopy["what"], label: string, make: () => string) => Promise<void>;
}

/** Small signs for one line, on a field of 16 by 16. */
const signs = {
  verified: "M3 8.4l3.3 3.3L13 4.9",
  passed: "M3 8.4l3.3 3.3L13 4.9",
  claimed: "M2.5 9.6c2-3.2 3.8-3.2 5.5-1.6s3.5 1.6 5.5-1.6",
  absent: "M3.5 8h9",
  failed: "M4 4l8 8M12 4l-8 8",
  blocked: "M3 8h.1M8 8h.1M13 8h.1",
  unknown: "M5.6 6.1a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1.1.9-1.1 1.7M8 12.7v.1",
  copy: "M6 6h7.5v7.5H6zM3.9 10H2.5V2.5H10v1.4",
  close: "M4 4l8 8M12 4l-8 8",
  more: "M4 6l4 4 4-4",
} as const;

/** Such a sign; it says nothing that the words beside it do not. */
export function sign(name: keyof typeof signs): TemplateResult {
  return html`<svg class="sign" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d=${signs[name]}></path></svg>`;
}

/** The symbol of a state, whose outline alone tells which. */
export function symbol({ mark }: Badge): TemplateResult {
  const { solid, cut, line, dashed } = symbolShapes[mark.symbol];
  const path = (name: string, d: string | undefined): Drawn => (d === undefined ? nothing : svg`<path class=${name} d=${d}></path>`);
  return html`<svg part="symbol" class="symbol" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${path("solid", solid)}${path("cut", cut)}${path("line", line)}${path("dashed", dashed)}
  </svg>`;
}

/** What is known of the artifact, and apart from it, of its origin. */
export function halves({ headings, integrity, provenance }: Badge): TemplateResult {
  const half = (part: string, label: string, { state, text }: BadgeLine): TemplateResult => html`<div class="half" part=${part}>
    <span class=${`mark ${state}`}>${sign(state)}</span>
    <p><b>${label}</b> <bdi>${text}</bdi></p>
  </div>`;
  return html`<div class="halves" part="halves">${half("integrity", headings.integrity, integrity)}${half("provenance", headings.provenance, provenance)}</div>`;
}

/** A part with a heading; nothing when it is empty. */
export function section(name: string, heading: string, body: Drawn, legend: Drawn = nothing): Drawn {
  return body === nothing ? nothing : html`<section part=${`section ${name}`} class="section"><h3 part="heading">${heading}${legend}</h3>${body}</section>`;
}

/** Plain sentences; `notes` stand out. */
export function sentences(texts: readonly string[], kind: "sentences" | "notes" = "sentences"): Drawn {
  return texts.length === 0 ? nothing : html`<ul class=${kind}>${texts.map((each) => html`<li><bdi>${each}</bdi></li>`)}</ul>`;
}

/** Why it is not verified, with what to do next. */
export function reasons({ headings, reasons: all }: Badge): Drawn {
  const reason = ({ code, message, hint }: BadgeReason): TemplateResult => html`<li part="reason">
    <p><bdi>${message}</bdi></p>
    ${hint === undefined ? nothing : html`<p class="hint"><b>${headings.next}:</b> <bdi>${hint}</bdi></p>`}
    <code part="code">${code}</code>
  </li>`;
  return all.length === 0 ? nothing : html`<ul class="reasons">${all.map(reason)}</ul>`;
}

/** What is known, with a sign for each whether it is certified, and what the signs mean. */
export function facts({ headings }: Badge, shown: readonly BadgeFact[], copying: Copying): Drawn {
  const standing = (certified: boolean): string => (certified ? headings.certified : headings.claimed);
  const mark = (certified: boolean): TemplateResult => html`<span class=${certified ? "mark verified" : "mark"}>${sign(certified ? "verified" : "claimed")}</span>`;
  const fact = ({ key, label, value, href, certified }: BadgeFact): TemplateResult => html`<div part=${certified ? "fact certified" : "fact claimed"}>
    <dt>${label}</dt>
    <dd class=${certified ? "certified" : "only"} title=${standing(certified)}>
      ${mark(certified)}<span class=${key === "digest" || key === "commit" ? "value code" : "value"}><span class="unseen">${standing(certified)}: </span>${linked(value, href)}</span>
      ${key === "digest" ? copyButton(copying, "digest", label, copying.words.copy, () => value) : nothing}
    </dd>
  </div>`;
  const legend = html`<span class="legend" aria-hidden="true">
    ${[true, false].filter((certified) => shown.some((each) => each.certified === certified)).map((certified) => html`<span>${mark(certified)}${standing(certified)}</span>`)}
  </span>`;
  return section("facts", headings.facts, shown.length === 0 ? nothing : html`<dl class="facts">${shown.map(fact)}</dl>`, legend);
}

/** Text from outside, whose direction is its own; with a link where the model has one. */
export function linked(value: string, href: string | undefined): TemplateResult {
  const text = html`<bdi>${value}</bdi>`;
  return href?.startsWith("https://") === true ? html`<a part="link" href=${href} rel="noopener noreferrer nofollow">${text}</a>` : text;
}

/** A button that copies, and tells whether it did. */
export function copyButton({ words, copied, copy }: Copying, what: ProvenanceCopy["what"], label: string, word: string, make: () => string): TemplateResult {
  const mine = copied?.label === label ? copied : undefined;
  const told = mine === undefined ? nothing : mine.done ? words.copied : words.notCopied;
  return html`<button part="copy" class="copy" type="button" aria-label=${label === word ? nothing : `${word}: ${label}`} @click=${(event: Event) => void copy(event, what, label, make)}>
      ${sign(mine === undefined ? "copy" : mine.done ? "passed" : "failed")}<span>${told === nothing ? word : told}</span>
    </button>
    <span class="unseen" role="status">${told}</span>`;
}
