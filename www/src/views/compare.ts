import type { Severity, TrustChange, TrustComparison } from "admissible/slim";
import { rowsOf, type Row } from "../compare/rows.js";
import { sideOfFiles, sideOfRegistry, sideOfSample, type Side } from "../compare/sides.js";
import { verifier } from "../engine.js";
import { button, fill, h, shown } from "../frame/dom.js";
import type { Visit } from "../frame/view.js";
import { hasSamples, loadSamples, type Sample } from "../samples/load.js";
import { madeUp } from "../samples/mark.js";

/** What a change is called, and its sign: colour is never the only signal. */
const words: Readonly<Record<Severity, readonly [sign: string, word: string]>> = {
  info: ["≠", "changed"],
  warning: ["!", "changed, look at it"],
  critical: ["✕", "does not hold any more"],
};

/** The whole in one sentence, by the worst change. */
const sentences: Readonly<Record<TrustComparison["severity"], string>> = {
  none: "Nothing changed that trust rests on.",
  info: "Something changed, which is worth knowing.",
  warning: "Something changed that you should look at before you use the newer version.",
  critical: "What the older version was trusted for does not hold for the newer one.",
};

/** Two versions side by side: who signed and how they were built, and what of it changed. */
export async function show({ main, parameters, signal }: Visit): Promise<void> {
  const samples = hasSamples() ? (await loadSamples().catch(() => undefined))?.samples.filter(({ state, check, bundles }) => bundles.length > 0 && state !== "excepted" && check !== "signer") : undefined;
  if (signal.aborted) return;
  const result = h("div", { class: "comparison", "aria-live": "polite" });
  const [older, newer] = [
    panel("older", "Older version", samples ?? [], signal, () => void compare()),
    panel("newer", "Newer version", samples ?? [], signal, () => void compare()),
  ];
  fill(main,
    h("h1", {}, "Compare two versions"),
    h("p", { class: "lead" }, "Is the newer one by the same people, built the same way? Most takeovers show here first."),
    h("div", { class: "sides" }, older.element, newer.element),
    result,
  );
  // A file that is dropped beside a panel must not take the place of the page.
  for (const type of ["dragover", "drop"]) addEventListener(type, (event) => event.preventDefault(), { signal });
  const [a, b] = [parameters.get("a"), parameters.get("b")];
  if (samples !== undefined && a !== null && b !== null) await Promise.all([older.sample(a), newer.sample(b)]);

  async function compare(): Promise<void> {
    const [before, after] = [older.side(), newer.side()];
    if (before === undefined || after === undefined) return fill(result);
    if (before.report.verdict === "failed") {
      return fill(result, h("p", { class: "problem", role: "alert" }, `The older version does not verify, so there is nothing to compare with: ${shown(before.report.summary)}`));
    }
    const made = await verifier();
    const comparison = made.compareTrust(before.report, after.report);
    const rows = rowsOf(made.baseline(before.report), after.report.verdict === "passed" ? made.baseline(after.report) : undefined, comparison);
    fill(result,
      h("h2", { class: "outcome", "data-severity": comparison.severity }, sentences[comparison.severity]),
      table(before, after, rows),
      h("p", { class: "faint" }, "This tells what changed, not whom to trust: no signer was demanded of either version.",
        before.bound && after.bound ? "" : " Where no file was given, the evidence was held against none."),
    );
  }
}

function table(before: Side, after: Side, rows: readonly Row[]): HTMLElement {
  return h("table", { class: "changes", role: "table" },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" },
      h("th", { scope: "col", role: "columnheader" }, "Question"),
      h("th", { scope: "col", role: "columnheader" }, h("span", { class: "faint" }, "Older"), h("bdi", {}, shown(before.name))),
      h("th", { scope: "col", role: "columnheader" }, h("span", { class: "faint" }, "Newer"), h("bdi", {}, shown(after.name))),
    )),
    h("tbody", { role: "rowgroup" }, rows.map(line)),
  );
}

function line({ question, older, newer, changes }: Row): HTMLElement {
  const [worst] = changes;
  const unchanged = older === newer ? ["=", "same"] : newer === undefined ? ["?", "not told any more"] : ["≈", "as versions differ"];
  const [sign, word] = worst === undefined ? unchanged : words[worst.severity];
  return h("tr", { role: "row", "data-changed": worst?.severity ?? "no" },
    h("th", { scope: "row", role: "rowheader" }, question, h("span", { class: "change-mark" }, h("span", { "aria-hidden": "true" }, sign), ` ${word}`)),
    value("Older", older),
    h("td", { role: "cell", "data-label": "Newer" }, text(newer), changes.map((change) => why(change, older, newer))),
  );
}

/** What stands in the cells already is not said again. */
function why({ message, code, previous, next }: TrustChange, older: string | undefined, newer: string | undefined): HTMLElement {
  return h("p", { class: "change-why" }, previous === older && next === newer ? "" : `${shown(message)} `, h("code", {}, code));
}

function value(label: string, told: string | undefined): HTMLElement {
  return h("td", { role: "cell", "data-label": label }, text(told));
}

function text(told: string | undefined): HTMLElement {
  return told === undefined ? h("span", { class: "faint" }, "not told") : h("bdi", {}, shown(told));
}

/** Where one version is put in. */
function panel(id: string, title: string, samples: readonly Sample[], signal: AbortSignal, onChange: () => void) {
  let side: Side | undefined;
  let turn = 0;
  const status = h("p", { class: "side-status", role: "status" }, "Nothing yet.");
  const problem = h("p", { class: "problem", role: "alert" });
  const note = h("div", {});
  const take = async (what: string, find: () => Promise<Side>, isMadeUp = false): Promise<void> => {
    const own = ++turn;
    side = undefined;
    fill(note);
    fill(problem);
    status.textContent = `${what}…`;
    onChange();
    try {
      const found = await find();
      if (own !== turn || signal.aborted) return;
      side = found;
      status.textContent = `${shown(found.name)}: ${found.report.verdict === "passed" ? "its evidence is genuine" : "does not verify"}${found.bound ? "" : ", held against no file"}.`;
      if (isMadeUp) fill(note, madeUp("Samples are"));
    } catch (error) {
      if (own !== turn || signal.aborted) return;
      status.textContent = "Nothing yet.";
      fill(problem, shown(error instanceof Error ? error.message : String(error)));
    }
    onChange();
  };
  const sample = async (chosen: string): Promise<void> => {
    select.value = chosen;
    await take("Reading the sample", () => sideOfSample(chosen, signal), true);
  };
  const files = (list: FileList): void => {
    if (list.length > 0) void take("Reading", () => sideOfFiles([...list], signal));
  };
  const chooser = h("input", { type: "file", multiple: true, class: "chooser", "aria-label": `Files of the ${title.toLowerCase()}` });
  chooser.addEventListener("change", () => {
    if (chooser.files !== null) files(chooser.files);
  });
  const input = h("input", { type: "text", id: `${id}-reference`, placeholder: "npm:sigstore@5.0.0", autocomplete: "off", spellcheck: "false" });
  const select = h("select", { id: `${id}-sample`, onchange: () => void (select.value === "" ? undefined : sample(select.value)) },
    h("option", { value: "" }, "Choose a sample…"), samples.map((one) => h("option", { value: one.id }, one.title)));
  const form = h("form", { onsubmit: (event: Event) => {
    event.preventDefault();
    void take("Asking", () => sideOfRegistry(input.value.trim(), signal));
  } }, h("label", { for: `${id}-reference` }, "A version at npm, or a file at PyPI"), h("div", { class: "line" }, input, h("button", { type: "submit" }, "Ask")));
  const element = h("section", { class: "panel side-panel", "data-side": id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, title),
    h("div", { class: "side-files" }, chooser, h("p", {}, "Drop evidence here, with its file if you have it, or"), button("Choose files…", { onclick: () => chooser.click() })),
    form,
    samples.length > 0 && h("div", { class: "field" }, h("label", { for: `${id}-sample` }, "A sample"), select),
    status, problem, note,
  );
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer !== null) files(event.dataTransfer.files);
  });
  return { element, sample, side: () => side };
}
