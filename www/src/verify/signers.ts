import { badge } from "admissible/badge";
import { button, h, shown } from "../frame/dom.js";
import { expected } from "./expected.js";
import type { Judgement, Signed } from "./judging.js";
import { signersOf } from "./signed.js";
import { forms, type Trust } from "./trust.js";
import { card } from "./verdict.js";

/** Who signed, before anybody said who should have: a question, never a verdict. */
export function signers({ signed, failed, bound }: Extract<Judgement, { state: "unnamed" }>, expect: (trust: Trust) => void, other: () => void): HTMLElement {
  const all = signersOf(signed);
  const offers = all.map((first) => (first.byNpm ? undefined : expected(first.report)));
  const known = offers.filter((offer) => offer !== undefined);
  const expecting = (offer: Trust): HTMLElement => button("Yes, I expect this signer", { class: "primary", title: meaning(offer), onclick: () => expect(offer) });
  // Where there are several, a button below all of them would not say which one is meant: whoever made the evidence chose their order.
  const isOne = known.length === 1;
  return card("signature", "Is this the signer you expect?", [
    h("p", {}, "The evidence is genuine. Whether it is good evidence depends on who signed it, and only you know who should have.",
      !bound && " No file was compared yet."),
    ...all.map((first, index) => signer(first, isOne || offers[index] === undefined ? undefined : expecting(offers[index]))),
    ...(failed.length === 0 ? [] : [h("p", { class: "faint" }, `${String(failed.length)} more did not verify, whoever signed, and count for nothing.`)]),
  ],
  ...(isOne ? known.map(expecting) : []),
  button(known.length === 0 ? "Name the signer" : "I expect another", { onclick: other }));
}

function signer({ report, byNpm }: Signed, tool: HTMLElement | undefined): HTMLElement {
  // The words are the badge's; its state is left out, for nobody was named.
  const { facts, claim } = badge(report);
  return h("div", { class: "signer" },
    h("p", { class: "who" }, byNpm ? "npm's registry, by its own key" : claim),
    h("dl", {}, facts.filter(({ key }) => told.includes(key)).flatMap(({ label, value, href, certified }) => [
      h("dt", {}, label),
      h("dd", {},
        href === undefined ? value : h("a", { href, target: "_blank", rel: "noopener noreferrer" }, value),
        !certified && h("span", { class: "claimed" }, "only claimed")),
    ])),
    tool !== undefined && h("p", { class: "tools" }, tool),
  );
}

const told: readonly string[] = ["commit", "run", "signer", "issuer", "level", "signed", "statement"];

function meaning(trust: Trust): string {
  return `${forms[trust.kind].label}: ${Object.values(trust.fields).map((value) => shown(value, 120)).join(", ")}`;
}
