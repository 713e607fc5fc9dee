export { badge, type BadgeOptions } from "./badge.js";
export { english } from "./english.js";
export * from "./model.js";
export type { BadgeStrings, BadgeWords, ClaimParts } from "./strings.js";
export type { BadgeSubject, CouldNotVerify } from "./subject.js";
