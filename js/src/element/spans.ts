import type { BadgeLink } from "../badge/model.js";
import { html, nothing, svg, type TemplateResult } from "../vendor/lit/index.js";
import type { ElementWords } from "./judged.js";
import type { Drawn } from "./parts.js";

/** From when to when something was, in milliseconds. */
interface Span {
  readonly label: string;
  readonly when: string;
  readonly from: number;
  readonly to: number;
  readonly certified: boolean;
}

/** How much longer a build may be than the certificate's window, and still be drawn beside it: what only the signer says must not blur the rest. */
const longestBuild = 24 * 60 * 60 * 1000;

/**
 * The windows in which the certificate and the authorities above it are valid, as bars with the moments at which it was signed. The one is of minutes and the others
 * of years, so that each group has a scale of its own. All that the bars show stands beside them as text.
 */
export function spans(links: readonly BadgeLink[], words: ElementWords): Drawn {
  const certificate = links.find(({ key }) => key === "certificate");
  const signature = links.find(({ key }) => key === "signature")?.label;
  if (certificate === undefined) return nothing;
  const moments = links.flatMap(({ time }) => (time === undefined ? [] : [Date.parse(time)])).filter(Number.isFinite);
  const [own] = window(certificate, certificate.label);
  if (own === undefined) return nothing;
  // Whatever of the build is certified, when it was is not.
  const build = links.filter(({ key }) => key === "build").flatMap((link) => window({ ...link, certified: false }, link.label)).filter(({ from, to }) => from > own.from - longestBuild && to < own.to + longestBuild);
  const authorities = (certificate.windows ?? []).flatMap((each) => window({ ...each, certified: true }, each.label));
  return html`<figure class="spans" part="windows">
    <figcaption>
      ${words.windows}
      ${moments.length === 0 ? nothing : html`<span class="legend" aria-hidden="true"><span><svg width="4" height="16"><line class="moment" x1="2" x2="2" y1="0" y2="16"></line></svg>${signature}</span></span>`}
    </figcaption>
    ${chart([...build, own], moments)}${chart(authorities, moments.length > 0 ? moments : [own.from])}
  </figure>`;
}

function window({ from, to, when = "", certified }: Pick<BadgeLink, "from" | "to" | "when" | "certified">, label: string): Span[] {
  const span = { label, when, from: Date.parse(from ?? ""), to: to === undefined ? Infinity : Date.parse(to), certified };
  return span.from <= span.to ? [span] : [];
}

/** Bars on one scale. */
function chart(all: readonly Span[], moments: readonly number[]): Drawn {
  const ends = [...all.flatMap(({ from, to }) => [from, to]), ...moments].filter(Number.isFinite);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  if (all.length === 0 || !(most > least)) return nothing;
  // A little room on both sides, so that what is at the edge can be seen.
  const at = (time: number): number => 2 + (96 * (Math.min(time, most) - least)) / (most - least);
  const row = ({ label, when, from, to, certified }: Span): TemplateResult => html`<div class="span">
    <b><bdi>${label}</bdi></b>
    <svg class="track" height="16" width="100%" aria-hidden="true" focusable="false">
      <line class="axis" x1="0" x2="100%" y1="8" y2="8"></line>
      <rect class=${certified ? "bar" : "bar only"} x=${percent(at(from))} width=${percent(Math.max(at(to) - at(from), 0.5))} y="3" height="10" rx="3"></rect>
      ${moments.map((moment) => svg`<line class="moment" x1=${percent(at(moment))} x2=${percent(at(moment))} y1="0" y2="16"></line>`)}
    </svg>
    <span class="when"><bdi>${when}</bdi></span>
  </div>`;
  return html`<div class="chart">${all.map(row)}</div>`;
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}
