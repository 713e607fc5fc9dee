import { BadgeElement } from "./badge-element.js";
import { ReportElement } from "./report-element.js";
import type { ProvenanceElement } from "./types.js";

export type { ProvenanceCopy, ProvenanceElement } from "./types.js";

/** `<provenance-badge>`: the state and the claim, and on demand what they rest on. */
export interface ProvenanceBadge extends ProvenanceElement {}

/** The class of `<provenance-badge>`. */
export const ProvenanceBadge: { new (): ProvenanceBadge; readonly prototype: ProvenanceBadge } = BadgeElement;

/** `<provenance-report>`: all of what was found. */
export interface ProvenanceReport extends ProvenanceElement {}

/** The class of `<provenance-report>`. */
export const ProvenanceReport: { new (): ProvenanceReport; readonly prototype: ProvenanceReport } = ReportElement;

declare global {
  interface HTMLElementTagNameMap {
    "provenance-badge": ProvenanceBadge;
    "provenance-report": ProvenanceReport;
  }
}

// A server that renders pages has no elements; and whoever came first with the name, another copy of this package for instance, keeps it.
if (typeof customElements !== "undefined") {
  if (customElements.get("provenance-badge") === undefined) customElements.define("provenance-badge", BadgeElement);
  if (customElements.get("provenance-report") === undefined) customElements.define("provenance-report", ReportElement);
}
