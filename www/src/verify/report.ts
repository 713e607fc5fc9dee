import "admissible/element";
import { badge, type Badge, type BadgeSubject } from "admissible/badge";
import { h } from "../frame/dom.js";

/** A verdict in full, and how to show another in its place: what the visitor has opened in it stays open. */
export function reportPlace(): { readonly element: HTMLElement; show(subject: BadgeSubject, name: string | undefined): void } {
  const report = document.createElement("provenance-report");
  const element = h("div", { class: "report" }, report);
  return {
    element,
    show(subject, name) {
      report.name = name;
      report.report = subject;
      element.dataset["state"] = modelOf(subject, name).state;
    },
  };
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
