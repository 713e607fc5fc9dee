import type { Badge, BadgeFactKey } from "../badge/model.js";
import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "../vendor/lit/index.js";
import { facts, halves, reasons, section, sentences, sign, symbol } from "./parts.js";
import { Element } from "./provenance-element.js";
import { badgeStyles } from "./styles-badge.js";
import { shared } from "./styles.js";

/** Which facts fit beside a badge; the report has all. */
const brief: ReadonlySet<BadgeFactKey> = new Set(["source", "commit", "workflow", "run", "signer", "level", "signed", "log", "digest"]);

/** The state and the claim as a button; it opens what they rest on. */
export class BadgeElement extends Element {
  static override styles = [shared, badgeStyles];
  static override properties: PropertyDeclarations = { ...Element.properties, open: { state: true } };

  /** Whether the details are drawn: a page may have hundreds of badges, of which few are ever opened. */
  declare protected open: boolean;

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.model === undefined) this.open = false;
  }

  protected override draw(model: Badge): TemplateResult {
    const { state, title, claim, name, aria, language } = model;
    return html`<button part=${`badge ${state}`} class=${`badge ${state}`} type="button" popovertarget="details" aria-haspopup="dialog" aria-label=${aria} lang=${language}>
        ${symbol(model)}
        <span class="words"
          ><span class="title" part="title">${title}</span>${name === undefined ? nothing : html` <bdi class="name" part="name">${name}</bdi>`}<span class="claim" part="claim"><bdi>${claim}</bdi></span></span
        ><span class="more">${sign("more")}</span>
      </button>
      <div
        id="details" popover part=${`details ${state}`} class=${`details ${state}`} role="dialog" aria-label=${aria} lang=${language} tabindex="-1" autofocus
        @beforetoggle=${this.#toggle} @toggle=${this.#toggle}
      >
        ${this.open ? this.#details(model) : nothing}
      </div>`;
  }

  /** Details are drawn before they are seen, and taken away after. The focus goes back to the badge, which Chromium 156 forgets in a shadow root. */
  #toggle({ type, newState, currentTarget }: ToggleEvent): void {
    if (newState === "open" || type === "toggle") this.open = newState === "open";
    else if ((currentTarget as Node).contains(this.shadowRoot?.activeElement ?? null)) this.shadowRoot?.querySelector<HTMLElement>(".badge")?.focus({ preventScroll: true });
  }

  #details(model: Badge): TemplateResult {
    const { title, claim, name, headings, doesNotProve, notes } = model;
    return html`<header class="head">
        ${symbol(model)}
        <div>
          <h2 class="title">${title}</h2>
          ${name === undefined ? nothing : html`<p class="name"><bdi>${name}</bdi></p>`}
        </div>
        <button class="close" part="close" type="button" popovertarget="details" popovertargetaction="hide" aria-label=${this.words.close}>${sign("close")}</button>
      </header>
      <p class="claim"><bdi>${claim}</bdi></p>
      ${halves(model)}
      ${section("reasons", headings.reasons, reasons(model))}
      ${section("notes", headings.notes, sentences(notes, "notes"))}
      ${facts(model, model.facts.filter(({ key }) => brief.has(key)), this.copying)}
      ${section("limits", headings.limits, sentences(doesNotProve))}`;
  }
}
