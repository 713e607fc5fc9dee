import type { Badge } from "../badge/model.js";
import type { BadgeWords } from "../badge/strings.js";
import type { BadgeSubject } from "../badge/subject.js";
import { adoptStyles, html, LitElement, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "../vendor/lit/index.js";
import { elementWords, judged, type ElementWords } from "./judged.js";
import type { Copying } from "./parts.js";
import type { ProvenanceCopy, ProvenanceElement } from "./types.js";

/** How long it is told that something was copied, in milliseconds. */
const told = 3000;

/** What both elements share: reading what is handed in, and copying. */
export abstract class Element extends LitElement implements ProvenanceElement {
  static override properties: PropertyDeclarations = {
    // Whoever sets it again has changed something in it.
    report: { attribute: false, hasChanged: () => true },
    name: { attribute: false },
    strings: { attribute: false },
    copied: { state: true },
  };

  declare report: BadgeSubject | null | undefined;
  declare name: string | undefined;
  declare strings: BadgeWords | undefined;

  /** What was copied last, and whether it was. */
  declare protected copied: { readonly label: string; readonly done: boolean } | undefined;

  protected model: Badge | undefined;
  protected words: ElementWords = elementWords(undefined);
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #internals = this.attachInternals();

  /** Draws what was found. */
  protected abstract draw(model: Badge): TemplateResult;

  /** A server may have sent a shadow root along; what it says this element did not find. */
  protected override createRenderRoot(): ShadowRoot {
    const root = this.#internals.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.replaceChildren();
    adoptStyles(root, (this.constructor as typeof LitElement).elementStyles);
    return root;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (["report", "name", "strings"].some((name) => changed.has(name))) {
      this.model = judged(this.report, this.name, this.strings);
      this.words = elementWords(this.strings);
    }
  }

  protected override render(): TemplateResult {
    const { model, words } = this;
    if (model !== undefined) return this.draw(model);
    return html`<slot><span part="pending" class="pending" lang=${words.language}>${words.pending}</span></slot>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.copied = undefined;
  }

  /** Copying, for what is drawn. */
  protected get copying(): Copying {
    const { words, copied } = this;
    const copy = async (event: Event, what: ProvenanceCopy["what"], label: string, make: () => string): Promise<void> => {
      // Only a person's own click may reach the clipboard.
      if (!event.isTrusted) return;
      const done = await this.#copy(what, make).catch(() => false);
      if (done === undefined) return;
      this.copied = { label, done };
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => (this.copied = undefined), told);
    };
    return { words, copied, copy };
  }

  /** Whether it was copied; `undefined` where the page takes care of it. */
  async #copy(what: ProvenanceCopy["what"], make: () => string): Promise<true | undefined> {
    const text = make();
    const detail: ProvenanceCopy = { what, text };
    if (!this.dispatchEvent(new CustomEvent("provenance-copy", { detail, bubbles: true, composed: true, cancelable: true }))) return undefined;
    await navigator.clipboard.writeText(text);
    return true;
  }
}
