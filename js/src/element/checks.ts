import type { Badge, BadgeCheck, BadgeRequirement } from "../badge/model.js";
import { html, nothing, type TemplateResult } from "../vendor/lit/index.js";
import { sign, type Drawn } from "./parts.js";

/** Every check, with its evidence on demand. */
export function checks({ checks: all }: Badge): Drawn {
  return all.length === 0 ? nothing : html`<ul class="checks">${all.map((each) => html`<li part=${`check ${each.status}`}>${check(each)}</li>`)}</ul>`;
}

function check({ label, status, word, sentence, rows }: BadgeCheck): TemplateResult {
  const line = html`<span class=${`mark ${status}`}>${sign(status)}</span><span class="what"><b>${label}</b> <span><bdi>${sentence}</bdi></span></span><span class=${`word ${status}`}>${word}</span>`;
  if (rows.length === 0) return html`<div class="line">${line}</div>`;
  return html`<details>
    <summary class="line">${line}</summary>
    <dl class="rows">${rows.map((row) => html`<div><dt>${row.label}</dt><dd><bdi>${row.value}</bdi></dd></div>`)}</dl>
  </details>`;
}

/** What the policy demands, and what of it is met. */
export function requirements({ requirements: all, headings }: Badge): Drawn {
  const list = (lines: readonly BadgeRequirement[]): Drawn =>
    lines.length === 0
      ? nothing
      : html`<ul class="requirements">
          ${lines.map(
            ({ name, met, parts }) => html`<li part=${met ? "requirement met" : "requirement unmet"}>
              <span class=${`mark ${met ? "passed" : "failed"}`}>${sign(met ? "passed" : "failed")}</span><bdi>${name}</bdi> <span class=${`word ${met ? "passed" : "failed"}`}>${met ? headings.met : headings.unmet}</span>
              ${list(parts)}
            </li>`,
          )}
        </ul>`;
  return list(all);
}
