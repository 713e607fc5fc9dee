import "admissible/element";
import { english, type BadgeState } from "admissible/badge";
import type { CheckKey } from "admissible/slim";
import { button, fill, h } from "../frame/dom.js";
import { to } from "../frame/router.js";
import type { Visit } from "../frame/view.js";
import { loadSamples, requestOf, subjectOf, verifierOf, type Sample, type Samples } from "../samples/load.js";
import { madeUp } from "../samples/mark.js";
import { openVerify } from "../verify/handing.js";

/** What belongs together. */
const groups: readonly (readonly [title: string, about: string, states: readonly BadgeState[]])[] = [
  ["As it should be", "Nothing was altered, and the policy names the signer.", ["verified"]],
  ["Verified, with notes", "It holds, and there is something to know.", ["verified-with-notes"]],
  ["One thing is wrong", "Each fails for one reason, and for each check of the report there is one that fails for it.", ["failed"]],
  ["Not verified, and still no failure", "Neither good news nor bad.", ["excepted", "none-found"]],
];

/** A sign for each state, beside the word. */
const signs: Readonly<Record<BadgeState, string>> = { verified: "✓", "verified-with-notes": "✓", excepted: "!", "could-not-verify": "?", failed: "✕", "none-found": "–" };

/** Every state and every check, by cases of the test signer, each of which can be opened. */
export async function show({ main, signal }: Visit): Promise<void> {
  const all = await loadSamples();
  if (signal.aborted) return;
  fill(main,
    h("h1", {}, "Samples"),
    h("p", { class: "lead" }, "See each verdict for yourself. Every sample says what was altered in it and what the verifier must find; open one, and your browser judges it."),
    madeUp("These samples are"),
    groups.map(([title, about, states]) => h("section", { class: "chapter-plain" },
      h("div", {}, h("h2", {}, title), h("p", { class: "faint" }, about)),
      h("ul", { class: "cards" }, all.samples.filter(({ state }) => states.includes(state)).map((sample) => card(all, sample, signal))),
    )),
  );
}

function card(all: Samples, sample: Sample, signal: AbortSignal): HTMLLIElement {
  const { id, title, altered, state, check, code, bundles } = sample;
  const root = all.roots[sample.root];
  return h("li", { class: "sample", "data-sample": id },
    h("h3", {}, title),
    h("p", {}, altered),
    h("dl", { class: "must" },
      h("dt", {}, "Must be"), h("dd", { class: "must-state" }, h("span", { "aria-hidden": "true" }, signs[state]), ` ${english.title[state]}`),
      check !== undefined && [h("dt", {}, "By the check"), h("dd", {}, english.check[check as CheckKey])],
      code !== undefined && [h("dt", {}, "With the code"), h("dd", {}, h("code", {}, code))],
    ),
    h("div", { class: "sample-foot" },
      bundles.length === 0 ? here(all, sample, signal) : [
        button("Open", { "aria-label": `Open: ${title}`, onclick: () => root === undefined ? undefined : open(sample, root) }),
        state === "verified" && id !== "provenance-npm-v1" && h("a", { href: to("compare", { a: "provenance-npm-v1", b: id }) }, "Compare", h("span", { class: "away" }, ` with ${title}`)),
      ],
    ),
  );
}

/** Opens it in the view that verifies: by the test signer's root, under a name that says what it is. */
function open({ id, artifact, bundles, policy }: Sample, root: string): void {
  openVerify({ files: [
    { name: "test-signer-root.json", text: root },
    ...bundles.map((text) => ({ name: `made-up-${id}.sigstore.json`, text })),
    { name: "made-up-policy.json", text: `${JSON.stringify(policy, undefined, 2)}\n` },
    { name: "made-up-sample-of-the-test-signer.tgz", text: artifact },
  ] });
}

/** Without evidence there is nothing to be opened: it is judged where it stands. */
function here(all: Samples, sample: Sample, signal: AbortSignal): HTMLElement {
  const badge = document.createElement("provenance-badge");
  badge.name = "a made-up sample";
  verifierOf(all, sample.root).then((verifier) => verifier.evaluate({ ...requestOf(sample), signal }))
    .then((evaluation) => badge.report = subjectOf(sample, evaluation), (error: unknown) => badge.report = { error });
  return badge;
}
