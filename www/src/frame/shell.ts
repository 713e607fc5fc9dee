import { h } from "./dom.js";
import type { View } from "./view.js";

/** Marks in the navigation where the visitor is. */
export type Mark = (view: View) => void;

/** The frame around every view: what it is, where one can go, and what never happens here. */
export function shell(views: readonly View[], body: HTMLElement): { main: HTMLElement; mark: Mark; status: HTMLElement } {
  const links = views.flatMap((view) => (view.label === undefined ? [] : [{ view, link: h("a", { href: `#/${view.path}` }, view.label) }]));
  const main = h("main", { id: "main", tabindex: -1 });
  const status = h("span", { class: "status", role: "status" });
  body.prepend(
    h("a", { class: "skip", href: "#main", onclick: (event: Event) => {
      event.preventDefault();
      main.focus();
    } }, "Skip to the content"),
    h("header", { class: "bar" },
      h("a", { class: "brand", href: "#/" }, h("span", { class: "seal", "aria-hidden": "true" }), "Admissible"),
      h("nav", { "aria-label": "Pages" }, h("ul", {}, links.map(({ link }) => h("li", {}, link)))),
    ),
    main,
    h("footer", { class: "foot" },
      h("p", {}, "Everything is verified on this device. Files stay here; a registry is asked only when you say so."),
      h("p", {}, status),
    ),
  );
  const mark: Mark = (visited) => {
    for (const { view, link } of links) {
      if (view === visited) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  };
  return { main, mark, status };
}
