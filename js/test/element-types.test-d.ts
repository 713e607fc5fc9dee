// The elements' types as a user meets them. Compiled, never run: each @ts-expect-error must be an error.

import { type Evaluation, type Report } from "admissible";
import { german } from "admissible/badge/de";
import { ProvenanceBadge, ProvenanceReport, type ProvenanceCopy, type ProvenanceElement } from "admissible/element";
import { verifyNpm } from "admissible/npm";

declare const report: Report;
declare const evaluation: Evaluation;
declare const outcome: Awaited<ReturnType<typeof verifyNpm>>;

const mark: ProvenanceBadge = document.createElement("provenance-badge");
const whole: ProvenanceReport | null = document.querySelector("provenance-report");
const either: ProvenanceElement[] = [mark, new ProvenanceBadge(), new ProvenanceReport()];
for (const subject of [report, evaluation, outcome, { error: new Error() }, undefined, null]) mark.report = subject;
mark.name = "npm:acme@1.0.0";
mark.strings = german;
mark.addEventListener("provenance-copy", ({ detail }) => {
  const { what, text }: ProvenanceCopy = detail;
  void [what, text];
});
// @ts-expect-error a verdict is none of the verifier's
mark.report = "verified";
// @ts-expect-error they are elements and nothing of Lit's
mark.requestUpdate();
void [whole, either];
