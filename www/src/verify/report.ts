import { badge, type Badge, type BadgeSubject } from "admissible/badge";
import { h, icon } from "../frame/dom.js";

/** Draws a verdict in full. What cannot be read is no verdict. */
export function drawReport(subject: BadgeSubject, name: string | undefined): HTMLElement {
  const model = modelOf(subject, name);
  return h("article", { class: `card report ${model.state}`, "data-state": model.state },
    h("header", {}, icon(model.mark.symbol), h("div", {}, h("h2", {}, model.title), model.name !== undefined && h("p", { class: "name" }, model.name))),
    h("p", { class: "claim" }, model.claim),
    h("ul", { class: "lines" }, [model.integrity, model.provenance].map(({ state, text }) => h("li", { class: state }, text))),
    model.reasons.length > 0 && h("ul", { class: "reasons" }, model.reasons.map(({ code, message, hint }) => h("li", {}, h("p", {}, message), hint !== undefined && h("p", {}, hint), h("code", {}, code)))),
    model.facts.length > 0 && h("dl", {}, model.facts.flatMap(({ label, value, href }) => [h("dt", {}, label), h("dd", {}, href === undefined ? value : h("a", { href, target: "_blank", rel: "noopener noreferrer" }, value))])),
    model.notes.length > 0 && h("ul", { class: "notes" }, model.notes.map((note) => h("li", {}, note))),
    h("h3", {}, model.headings.limits),
    h("ul", { class: "limits" }, model.doesNotProve.map((sentence) => h("li", {}, sentence))),
  );
}

/** As `badge`, but what it cannot read is no verdict. */
export function modelOf(subject: BadgeSubject, name: string | undefined): Badge {
  const options = name === undefined ? {} : { name };
  try {
    return badge(subject, options);
  } catch (error) {
    return badge({ error }, options);
  }
}
