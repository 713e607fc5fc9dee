import type { BadgeWords } from "../badge/strings.js";
import type { BadgeSubject } from "../badge/subject.js";

/** What both elements have. They draw what `badge` of `admissible/badge` says, and decide nothing. */
export interface ProvenanceElement extends HTMLElement {
  /**
   * What to draw: what `inspect`, `evaluate`, `verifyNpm` or its like returned, or `{ error }` in place of it. Each time that it is set, it is drawn anew, and what
   * cannot be read is drawn as what could not be verified. While there is none, the element's own children are shown. It is a property only: an attribute says nothing.
   */
  report: BadgeSubject | null | undefined;
  /** What the page calls the artifact, for instance `npm:acme@1.0.0`. */
  name: string | undefined;
  /** The sentences of another language (`german` of `admissible/badge/de`), or some of them; English unless stated. */
  strings: BadgeWords | undefined;
}

/** The detail of the event `provenance-copy`, which comes before something is copied; a page that prevents its default copies nothing, or does it by itself. */
export interface ProvenanceCopy {
  readonly what: "digest" | "json";
  readonly text: string;
}

declare global {
  // Declared for programs without the library of the DOM, whose elements these are not.
  interface HTMLElement {}
  interface HTMLElementEventMap {
    "provenance-copy": CustomEvent<ProvenanceCopy>;
  }
}
