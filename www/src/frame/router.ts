import { fill, h, shown } from "./dom.js";
import type { View } from "./view.js";

/** Shows the view that the fragment names, and the next one when it changes. */
export function route(views: readonly View[], main: HTMLElement, onVisit: (view: View) => void): void {
  let leaving = new AbortController();
  let visited: string | undefined;
  const visit = async (): Promise<void> => {
    const { path, parameters } = read(location.hash);
    const view = views.find((one) => one.path === path) ?? views[0];
    if (view === undefined) return;
    leaving.abort();
    leaving = new AbortController();
    const { signal } = leaving;
    document.title = `${view.title} · Admissible`;
    onVisit(view);
    const isFirst = visited === undefined;
    try {
      const { show } = await view.load();
      if (signal.aborted) return;
      fill(main);
      // A view that was left may still be drawing: what it draws in is not the page any more.
      const place = h("div", { class: "view" });
      main.append(place);
      await show({ main: place, parameters, signal });
    } catch (error) {
      if (signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      fill(main, h("div", { class: "view", role: "alert" }, h("h1", {}, "This page could not be loaded"), h("p", {}, shown(reason))));
    }
    // Readers of screens are told where they are, but for the first page, which they are told of anyway.
    if (!isFirst && visited !== view.path) main.focus();
    visited = view.path;
  };
  addEventListener("hashchange", () => void visit());
  void visit();
}

/** `#/path?a=1` in its parts. */
export function read(hash: string): { path: string; parameters: URLSearchParams } {
  const [, path = "", query = ""] = /^#\/?([^?]*)(?:\?(.*))?$/su.exec(hash) ?? [];
  return { path, parameters: new URLSearchParams(query) };
}

/** The fragment of a view. */
export function to(path: string, parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(parameters).toString();
  return `#/${path}${query === "" ? "" : `?${query}`}`;
}
