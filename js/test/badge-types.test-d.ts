// The badge's types as a user meets them. Compiled, never run: each @ts-expect-error must be an error.

import { createVerifierSync, type Evaluation, type Report } from "admissible";
import { badge, badgeCss, badgeHtml, badgeStates, badgeSvg, english, reportHtml, type Badge, type BadgeState, type BadgeStrings } from "admissible/badge";
import { german } from "admissible/badge/de";
import { verifyNpm } from "admissible/npm";
import { verifyImage } from "admissible/oci";
import { npm } from "admissible/policy";

declare const report: Report;
declare const evaluation: Evaluation;
const verifier = createVerifierSync();
const policy = npm({ package: "app", repository: "acme/app" });

// Whatever the verifier returns, or what is thrown in place of it.
const made: Badge[] = [
  badge(report),
  badge(evaluation, { name: "npm:acme@1.0.0", strings: german, time: (time) => time.slice(0, 10), links: false }),
  badge(await verifyNpm(verifier, "app@1.0.0", { policy })),
  badge(await verifyImage(verifier, "alpine", { policy })),
  badge({ error: new Error() }),
  badge(report, { strings: { title: { verified: "Checked" }, claim: { failed: "No" } } }),
];
// @ts-expect-error a verdict is none of the verifier's
const verdict = () => badge("verified");
// @ts-expect-error no such group of words
const group = () => badge(report, { strings: { titles: {} } });
// @ts-expect-error no such state
const word = () => badge(report, { strings: { title: { passed: "" } } });
void [verdict, group, word];

for (const { state, facts, mark } of made) {
  const known: BadgeState = state;
  const href: string | undefined = facts[0]?.href;
  // @ts-expect-error no such state
  if (state === "passed") console.log(known, href, mark.symbol satisfies string);
}
// @ts-expect-error badges are not changed
made[0]!.state = "verified";

const strings: readonly BadgeStrings[] = [english, german];
for (const one of made) void [badgeHtml(one), reportHtml(one), badgeSvg(one), badgeSvg(one, { theme: "dark", style: "compact" })];
// @ts-expect-error no such theme
const theme = () => badgeSvg(badge(report), { theme: "blue" });
void [strings, theme, badgeCss satisfies string, badgeStates.length satisfies 6];
