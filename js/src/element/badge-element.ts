import type { Badge, BadgeFactKey } from "../badge/model.js";
import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "../vendor/lit/index.js";
import { facts, halves, reasons, section, sentences, sign, symbol } from "./parts.js";
import { Element } from "./provenance-element.js";
import { badgeStyles } from "./styles-badge.js";
import { shared } from "./styles.js";

/** Which facts fit beside a badge; the report has all. */
const brief: ReadonlySet<BadgeFactKey> = new Set(["source", "commit", "workflow", "run", "signer", "level", "signed", "log", "digest"]);

/** How much room details should have below a badge, if there is not more above it. */
const enough = 400;

/** The state and the claim as a button; it opens what they rest on. */
export class BadgeElement extends Element {
  static override styles = [shared, badgeStyles];
  static override properties: PropertyDeclarations = { ...Element.properties, open: { state: true } };

  /** Whether the details are drawn: a page may have hundreds of badges, of which few are ever opened. */
  declare protected open: boolean;

  /** Where the details have more room. Browsers can try that by themselves (`position-try`), but WebKitGTK 2.50.6 does not come to an end with it. */
  #place = "";

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
        id="details" popover part=${`details ${state}`} class=${`details ${state} ${this.#place}`} role="dialog" aria-label=${aria} lang=${language} tabindex="-1" autofocus
        @beforetoggle=${this.#toggle} @toggle=${this.#toggle}
      >
        ${this.open ? this.#details(model) : nothing}
      </div>`;
  }

  /** Details are drawn before they are seen, and taken away after. The focus goes back to the badge, which Chromium 156 forgets in a shadow root. */
  #toggle({ type, newState, currentTarget }: ToggleEvent): void {
    const button = this.shadowRoot?.querySelector<HTMLElement>(".badge");
    if (newState === "open" && button !== null && button !== undefined) {
      const { top, bottom, left, right } = button.getBoundingClientRect();
      const [above, below, after, before] = [top, innerHeight - bottom, innerWidth - left, right];
      const isMirrored = getComputedStyle(button).direction === "rtl";
      this.#place = `${below < Math.min(above, enough) ? "above" : ""} ${(before > after) !== isMirrored ? "before" : ""}`;
    }
    if (newState === "open" || type === "toggle") this.open = newState === "open";
    else if ((currentTarget as Node).contains(this.shadowRoot?.activeElement ?? null)) button?.focus({ preventScroll: true });
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
