import { button, fill, h, shown } from "../frame/dom.js";
import type { Given } from "./given.js";
import type { Door } from "./intake.js";
import { askedHost, readReference } from "./reference.js";
import type { Session } from "./session.js";
import { shared, type Shared } from "./sharing.js";
import { forms } from "./trust.js";

/** Shows what came among other files and says whom to trust: it is used when the visitor says that it is theirs. */
export function filesOffered(session: Session): { readonly element: HTMLElement; update(): void } {
  const element = h("div", {});
  let drawn: readonly Given[] = [];
  return {
    element,
    update() {
      if (session.offered === drawn) return;
      drawn = session.offered;
      fill(element, drawn.map((given) => h("div", { class: "offer" },
        h("p", {}, "Among the files is ", h("strong", {}, `${given.what}, ${shown(given.name)}`),
          ". It says whom to trust. If it came with the evidence, whoever made the evidence chose it."),
        button("It is mine, use it", { onclick: () => void session.answer(given, true) }),
        button("Leave it out", { class: "quiet", onclick: () => void session.answer(given, false) }),
      )));
    },
  };
}

/** Shows what a link offers: its evidence is as good as any, but whom it trusts and what it asks is for the visitor to agree to. */
export async function offered(place: HTMLElement, parameters: URLSearchParams, session: Session, door: Door, changed: () => void): Promise<void> {
  let link: Shared;
  try {
    link = await shared(parameters);
  } catch (error) {
    door.say(`This link cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  const { typed, trust, bundles, digest } = link;
  if (typed !== undefined) door.type(typed);
  const questions: HTMLElement[] = [];
  const done = (question: HTMLElement): void => {
    question.remove();
    changed();
  };
  const read = typed === undefined ? undefined : readReference(typed);
  if (read?.problem !== undefined) door.say(read.problem);
  const reference = read?.reference;
  if (reference !== undefined && reference.kind !== "digest") {
    const host = askedHost(reference);
    const question: HTMLElement = h("div", { class: "offer" },
      h("p", {}, "This link asks ", h("strong", {}, shown(host)), " about ", h("code", {}, shown(typed ?? "")), ". Nothing was asked yet."),
      button(`Ask ${shown(host)}`, { class: "primary", onclick: () => {
        done(question);
        void session.ask(reference);
      } }));
    questions.push(question);
  }
  if (trust !== undefined) {
    const question: HTMLElement = h("div", { class: "offer" },
      h("p", {}, "Whoever made this link trusts ", h("strong", {}, forms[trust.kind].label.toLowerCase()), ":"),
      h("dl", {}, Object.entries(trust.fields).filter(([, value]) => value !== "").flatMap(([name, value]) => [
        h("dt", {}, forms[trust.kind].fields.find((field) => field.name === name)?.label ?? "Policy"),
        // Whole: what is agreed to must not stand behind what is cut.
        h("dd", {}, shown(value, value.length)),
      ])),
      h("p", {}, "A verdict by it is only worth something if you trust the same."),
      button("I trust that too", { onclick: () => {
        done(question);
        void session.expect(trust);
      } }),
      button("Ignore it", { class: "quiet", onclick: () => done(question) }));
    questions.push(question);
  }
  fill(place, questions);
  await session.start(() => ({
    ...(bundles !== undefined && { evidence: bundles }),
    ...(digest !== undefined && { digest }),
  }));
  changed();
}
