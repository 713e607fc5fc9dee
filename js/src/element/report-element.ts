import type { Badge } from "../badge/model.js";
import { html, nothing, type TemplateResult } from "../vendor/lit/index.js";
import { checks, requirements } from "./checks.js";
import { custody } from "./custody.js";
import { copyButton, facts, halves, reasons, section, sentences, symbol } from "./parts.js";
import { Element } from "./provenance-element.js";
import { reportStyles } from "./styles-report.js";
import { shared } from "./styles.js";

/** All of what was found, the verdict first. */
export class ReportElement extends Element {
  static override styles = [shared, reportStyles];

  protected override draw(model: Badge): TemplateResult {
    const { state, title, claim, name, aria, language, headings, doesNotProve, notes } = model;
    return html`<article part=${`report ${state}`} class=${`report ${state}`} aria-label=${aria} lang=${language}>
      <header class="head" part="head">
        ${symbol(model)}
        <div role="status">
          <h2 class="title" part="title">${title}</h2>
          ${name === undefined ? nothing : html`<p class="name" part="name"><bdi>${name}</bdi></p>`}
          <p class="claim" part="claim"><bdi>${claim}</bdi></p>
        </div>
      </header>
      ${halves(model)}
      ${section("reasons", headings.reasons, reasons(model))}
      ${section("notes", headings.notes, sentences(notes, "notes"))}
      ${facts(model, model.facts, this.copying)}
      ${section("custody", headings.custody, custody(model, this.words))}
      ${section("limits", headings.limits, sentences(doesNotProve))}
      ${section("requirements", headings.requirements, requirements(model))}
      ${section("checks", headings.checks, checks(model))}
      <footer part="foot">${copyButton(this.copying, "json", this.words.json, this.words.json, () => json(this.report))}</footer>
    </article>`;
  }
}

/** What was handed in, errors too. */
function json(report: unknown): string {
  return JSON.stringify(report, (_key, value: unknown) => (value instanceof Error ? { ...value, name: value.name, message: value.message } : value), 2);
}
