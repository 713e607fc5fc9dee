import { badgeSvg, english, type Badge, type BadgeSubject } from "admissible/badge";
import { modelOf } from "./report.js";

/** A verdict as a picture. It is seen without this page, so that it has to tell itself whose word counted. */
export function picture(subject: BadgeSubject, name: string | undefined, isByOtherRoot: boolean): string {
  const model = modelOf(subject, name);
  return badgeSvg(isByOtherRoot ? noted(model) : model);
}

function noted(model: Badge): Badge {
  const notes = ["Judged by another trusted root than Sigstore’s own, which whoever made this picture gave.", ...model.notes];
  if (model.state !== "verified") return { ...model, notes };
  const state = "verified-with-notes";
  const title = english.title[state];
  return { ...model, state, title, notes, aria: english.aria.sentence(title, model.name, model.claim), mark: { word: english.word[state], symbol: "shield-note" } };
}
