import type { Badge, BadgeLink } from "../badge/model.js";
import { html, nothing, type TemplateResult } from "../vendor/lit/index.js";
import type { ElementWords } from "./judged.js";
import { linked, type Drawn } from "./parts.js";
import { spans } from "./spans.js";

/** The chain from source to artifact, and when what in it was valid. */
export function custody(model: Badge, words: ElementWords): Drawn {
  const { custody: links, headings } = model;
  if (links.length === 0) return nothing;
  const link = ({ key, label, text, time, when, href, certified }: BadgeLink): TemplateResult => html`<li part=${certified ? `step ${key} certified` : `step ${key} claimed`} class=${certified ? "link" : "link only"}>
    <b>${label}</b>
    <span class="text">${linked(text, href)}${certified ? nothing : html` <span class="claimed">${headings.claimed}</span>`}</span>
    ${when === undefined ? nothing : time === undefined ? html`<span class="when"><bdi>${when}</bdi></span>` : html`<time class="when" datetime=${time}><bdi>${when}</bdi></time>`}
  </li>`;
  return html`<ol class="chain">${links.map(link)}</ol>${spans(links, words)}`;
}
