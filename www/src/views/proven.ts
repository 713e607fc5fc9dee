import { badge, type Badge } from "admissible/badge";
import { npm } from "admissible/policy";
import { verifier } from "../engine.js";
import { button, fill, h } from "../frame/dom.js";
import type { Visit } from "../frame/view.js";
import { artifact, bundle } from "../verify/example.js";
import { openVerify } from "../verify/handing.js";
import { anatomy, chain } from "./proven-pictures.js";
import { asks, attacks, glossary, stricter, unproven } from "./proven-words.js";

const name = "sigstore 5.0.0 of npm";

/** What evidence is, what it proves and what not, shown by a real example that is verified here. */
export async function show({ main, signal }: Visit): Promise<void> {
  const example = await verified(signal);
  if (signal.aborted) return;
  const { checks } = example;
  fill(main,
    h("h1", {}, "What is proven, and what is not"),
    h("p", { class: "lead" }, "Software comes from a source, through a build, to you. Evidence lets you check that nobody swapped anything on the way. Here is how, in five minutes."),
    h("p", { class: "faint" }, `The pictures are drawn from real evidence, that of ${name}, which your browser verified just now.`),
    h("div", { class: "chapters" },
      chapter("What a bundle is", anatomy(example),
        h("p", {}, "A bundle is a small file that travels with the software. Inside is a ", h("strong", {}, "statement"), ", such as “this package was built from that commit”, and a ", h("strong", {}, "signature"), " over it."),
        h("p", {}, "Nobody has to keep a key for it. The build shows who it is, gets a ", h("strong", {}, "certificate"), " for some minutes, signs, and throws the key away."),
        h("p", {}, "A public ", h("strong", {}, "log"), " writes it down for everybody to see, so that a forgery cannot stay secret."),
      ),
      chapter("From the commit to your file", chain(example),
        h("p", {}, "Each link holds the one before it. Break one, and the verdict is “not verified”."),
        h("p", {}, "The last link is you: your file has the digest that was signed. Evidence that was not held against a file says nothing about it."),
      ),
    ),
    section("What each check rules out", h("p", {}, "A verdict is only as good as what it rules out. Every check asks one question, and each stands in the way of somebody."),
      h("ul", { class: "rules" }, checks.map(({ id, label, sentence, status }) => h("li", { "data-check": id },
        h("h3", {}, label),
        h("p", {}, sentence),
        h("p", { class: "attack" }, h("strong", {}, "Without it: "), attacks[id]),
        status === "absent" && h("p", { class: "faint" }, "The example has none, and needs none: its log tells the time."),
      ))),
    ),
    section("What is not proven", h("p", {}, "“Verified” means: it comes from where you think. It does not mean:"), h("ul", { class: "plain" }, unproven.map((text) => h("li", {}, text)))),
    section("How to ask for more", h("p", {}, "A policy is your own list of demands. This one names the workflow, the branch and the least build level:"),
      h("pre", {}, JSON.stringify(stricter, undefined, 2)),
      h("p", {}, button("Try it on the example", { class: "primary", onclick: () => openVerify({
        files: [{ name: "sigstore-5.0.0.sigstore.json", text: bundle }],
        digest: artifact,
        name,
        trust: { kind: "document", fields: { text: `${JSON.stringify(stricter, undefined, 2)}\n` } },
      }) })),
      h("dl", { class: "asks" }, asks.map(([wish, how]) => [h("dt", {}, wish), h("dd", {}, h("code", {}, how))])),
    ),
    section("Words of the field", h("dl", { class: "glossary" }, glossary.map(([term, meaning]) => [h("dt", {}, term), h("dd", {}, meaning)]))),
  );
}

/** @throws Error when it does not verify: then there is nothing to be explained by it */
async function verified(signal: AbortSignal): Promise<Badge> {
  const policy = npm({ package: "sigstore", repository: "sigstore/sigstore-js" });
  const evaluation = await (await verifier()).evaluate({ bundles: [bundle], artifact, policy, now: new Date(), signal });
  if (evaluation.verdict !== "verified") throw new Error("The example does not verify.");
  return badge(evaluation, { name });
}

function chapter(title: string, picture: SVGElement, ...text: readonly HTMLElement[]): HTMLElement {
  return h("section", { class: "chapter" }, h("div", { class: "prose" }, h("h2", {}, title), text), picture);
}

function section(title: string, ...content: readonly HTMLElement[]): HTMLElement {
  return h("section", { class: "chapter-plain" }, h("h2", {}, title), content);
}
