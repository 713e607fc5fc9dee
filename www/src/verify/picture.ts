import { badgeSvg, type BadgeSubject } from "admissible/badge";
import { modelOf } from "./report.js";

/** A verdict as a picture. */
export function picture(subject: BadgeSubject, name: string | undefined): string {
  return badgeSvg(modelOf(subject, name));
}
