import { button, fill, h, icon, shown } from "../frame/dom.js";
import { advice, command } from "./asking.js";
import { reportPlace } from "./report.js";
import type { Judgement } from "./judging.js";
import type { Session } from "./session.js";
import { signers } from "./signers.js";

/** What the verdict may ask of the rest of the page. */
export interface Asks {
  /** To lead the visitor to where a signer is named. */
  name(): void;
  /** To write in the line that is typed in. */
  type(text: string): void;
}

/** What follows from all that was handed in: a verdict, or what is missing for one. Of an earlier state of things it stays, but greyed. */
export function verdict(session: Session, asks: Asks): { readonly element: HTMLElement; update(): void } {
  const place = h("div", { class: "place" });
  const stale = h("p", { class: "stale-note" });
  const root = h("p", { class: "root-note" }, "By the trusted root that you gave, not by Sigstore's own.");
  // Where there is one column, that is far below.
  const change = button("Change who is expected", { class: "quiet change", onclick: asks.name });
  const element = h("section", { class: "verdict", "aria-label": "Verdict" }, h("div", { class: "above" }, stale, change), root, place);
  const report = reportPlace();
  let drawn: Judgement | undefined;
  return {
    element,
    update() {
      const { judgement, made } = session;
      const isStale = session.stale && !["waiting", "unready"].includes(judgement.state);
      element.classList.toggle("stale", isStale);
      place.inert = isStale;
      stale.textContent = !isStale ? "" : made.state === "wrong" ? "The policy is not complete: below is the last verdict." : "Judging…";
      if (judgement !== drawn && judgement.state === "verdict") {
        report.show(judgement.subject, judgement.name);
        const advised = help(session);
        // An element that is put in again would lose what is focused in it.
        if (drawn?.state !== "verdict" || advised !== undefined || place.childElementCount > 1) fill(place, report.element, advised);
      } else if (judgement !== drawn && judgement.state !== "verdict") fill(place, draw(judgement, session, asks));
      drawn = judgement;
      root.hidden = !session.given.some(({ role }) => role === "root");
      change.hidden = judgement.state !== "verdict";
    },
  };
}

function draw(judgement: Exclude<Judgement, { state: "verdict" }>, session: Session, asks: Asks): HTMLElement {
  switch (judgement.state) {
    case "waiting":
      return waiting(judgement, session, asks);
    case "unready":
      return card("ring", "The policy is not complete yet", [h("p", {}, "The evidence is here. A verdict follows as soon as the policy can be read.")]);
    case "unnamed":
      return signers(judgement, (trust) => void session.expect(trust), asks.name);
    case "unknown-key":
      return card("key", "Signed by a key that nobody named", [
        h("p", {}, "This evidence has no certificate that says whose the key is. It can be verified as soon as you have the public key from whoever signed."),
      ], button("Give the key", { class: "primary", onclick: () => void session.expect({ kind: "key", fields: {} }).then(asks.name) }));
    case "unbound":
      return card("ring", "Almost: no file was compared", [
        h("p", {}, "The evidence is what you demand, for the file with this digest:"),
        h("p", { class: "digests" }, judgement.digests.map((digest) => h("code", {}, shown(digest)))),
        h("p", {}, "Drop your copy of the file, or type its digest above. Without it, any file could stand beside this evidence."),
      ]);
  }
}

function waiting({ artifact }: Extract<Judgement, { state: "waiting" }>, session: Session, asks: Asks): HTMLElement {
  if (session.evidence.length > 0) {
    return card("ring", "Now the file", [h("p", {}, "The evidence is here. Drop the file that it is about.")]);
  }
  if (artifact === undefined) {
    return card("ring", "No evidence yet", [
      h("p", {}, "Drop a bundle, or what a registry answered: files that end in ", h("code", {}, ".sigstore.json"), ", for instance. Or look up a package above."),
    ]);
  }
  const offers = lookUps(artifact.name).map(([label, typed]) => button(label, { onclick: () => {
    asks.type(typed);
    document.querySelector<HTMLInputElement>("#reference")?.focus();
  } }));
  return card("ring", "Now its evidence", [
    h("p", {}, "The file was hashed on this device. Drop the evidence that came with it, often ", h("code", {}, `${shown(artifact.name, 60)}.sigstore.json`), "."),
    h("p", {}, "Or ask whoever published it. The file stays here: only a name, or its digest, is sent."),
  ], ...offers);
}

/** Who may know a file, by what it is called. */
function lookUps(path: string): readonly (readonly [label: string, typed: string])[] {
  const name = path.replace(/^.*\//u, "");
  const [, npm, version] = /^([a-z0-9][\w.-]*?)-(\d+\.\d+\.\d+[\w.+-]*)\.tgz$/u.exec(name) ?? [];
  return [
    ...(npm === undefined || version === undefined ? [] : [["Ask npm…", `npm:${npm}@${version}`] as const]),
    ...(/^[\w.-]+\.(?:whl|tar\.gz)$/u.test(name) ? [["Ask PyPI…", `pypi:${name}`] as const] : []),
    ["Ask GitHub…", "github:owner/repository"],
  ];
}

/** What may help where a registry could not be asked. */
function help({ asked }: Session): HTMLElement | undefined {
  const words = asked?.error === undefined ? undefined : advice(asked.error, asked.by);
  return asked === undefined || words === undefined ? undefined : h("div", { class: "help" }, h("p", {}, words), h("pre", {}, command(asked.by)));
}

/** What is no verdict: in no colour that could be taken for one. */
export function card(symbol: string, title: string, content: readonly HTMLElement[], ...tools: readonly HTMLElement[]): HTMLElement {
  return h("article", { class: "card ask" }, h("header", {}, icon(symbol), h("h2", {}, title)), content, tools.length > 0 && h("p", { class: "tools" }, tools));
}
