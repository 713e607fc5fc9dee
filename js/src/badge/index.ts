export { badge, type BadgeOptions } from "./badge.js";
export { badgeCss } from "./css.js";
export { english } from "./english.js";
export { badgeHtml, reportHtml } from "./html.js";
export * from "./model.js";
export type { BadgeStrings, BadgeWords, ClaimParts } from "./strings.js";
export type { BadgeSubject, CouldNotVerify } from "./subject.js";
export { badgeSvg, type BadgeSvgOptions } from "./svg.js";
