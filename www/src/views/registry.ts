import "admissible/element";
import type { BadgeState, BadgeSubject } from "admissible/badge";
import type { BatchItem, BatchOptions, BatchResult } from "admissible/slim";
import { poolBy, verifierBy } from "../engine.js";
import { button, fill, h } from "../frame/dom.js";
import { to } from "../frame/router.js";
import type { Visit } from "../frame/view.js";
import { loadSamples, requestOf, subjectOf, type Samples } from "../samples/load.js";
import { madeUp } from "../samples/mark.js";
import { modelOf } from "../verify/report.js";
import { packagesOf, type Package } from "./registry-packages.js";

/** What the filter offers, and how it calls it. */
const states: readonly (readonly [state: BadgeState, label: string])[] = [
  ["verified", "Verified"],
  ["verified-with-notes", "With notes"],
  ["excepted", "Excepted"],
  ["could-not-verify", "No verdict"],
  ["failed", "Not verified"],
  ["none-found", "No evidence"],
];

interface Row extends Package {
  readonly element: HTMLLIElement;
  readonly badge: HTMLElementTagNameMap["provenance-badge"];
  state?: BadgeState;
}

/** What a registry's page could look like: a hundred packages, each with its badge, verified here. */
export async function show({ main, parameters, signal }: Visit): Promise<void> {
  const samples = await loadSamples();
  if (signal.aborted) return;
  const rows = packagesOf(samples).map(rowOf);
  const list = h("ul", { class: "packages", onkeydown: (event: KeyboardEvent) => walk(event, rows) }, rows.map(({ element }) => element));
  const progress = h("progress", { max: rows.length, value: 0, "aria-label": "Packages verified" });
  const told = h("p", { class: "told-time", role: "status" });
  const again = button("Verify again", { onclick: () => void verifyAll() });
  const wanted = parameters.get("state");
  let shownState = states.find(([state]) => state === wanted)?.[0];
  const filters = [undefined, ...states.map(([state]) => state)].map((state) => {
    const count = h("span", { class: "count" });
    const label = states.find(([one]) => one === state)?.[1] ?? "All";
    return { state, count, element: button(`${label} `, { class: "filter", "data-state": state ?? "all", onclick: () => filter(state) }, count) };
  });
  fill(main,
    h("h1", {}, "A registry with verdicts"),
    h("p", { class: "lead" }, "What a package list could look like if every page verified for itself: each badge below is made by your browser, not by a server."),
    madeUp("These packages do not exist; their evidence is"),
    h("div", { class: "registry-head" }, h("div", { class: "registry-progress" }, progress, told), again),
    h("div", { class: "filters", role: "group", "aria-label": "Show only" }, filters.map(({ element }) => element)),
    list,
    h("p", { class: "faint" }, "Arrow keys go from badge to badge; Enter opens what one rests on."),
  );

  function filter(state: BadgeState | undefined): void {
    shownState = state;
    // The back button leads out of the list, not through its filters.
    history.replaceState(null, "", to("registry", state === undefined ? {} : { state }));
    update();
  }
  function update(): void {
    for (const row of rows) row.element.hidden = shownState !== undefined && row.state !== shownState;
    for (const { state, count, element } of filters) {
      count.textContent = String(state === undefined ? rows.length : rows.filter((row) => row.state === state).length);
      element.setAttribute("aria-pressed", String(state === shownState));
    }
  }
  async function verifyAll(): Promise<void> {
    again.disabled = true;
    list.setAttribute("aria-busy", "true");
    told.textContent = "Verifying…";
    for (const row of rows) {
      delete row.state;
      row.badge.report = undefined;
    }
    let done = 0;
    const began = performance.now();
    try {
      const workers = await verify(samples, rows, signal, () => {
        done += 1;
        progress.value = done;
        if (done % 10 === 0) update();
      });
      const took = Math.round(performance.now() - began);
      const bundles = new Set(rows.flatMap(({ sample }) => sample.bundles)).size;
      told.textContent = `${String(rows.length)} packages judged in ${String(took)} ms${workers === undefined ? "" : ` by ${counted(workers, "worker")}`}, by ${String(bundles)} bundles; signatures that come again are checked once.`;
    } catch (error) {
      if (signal.aborted) return;
      told.textContent = `There are no more verdicts: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      again.disabled = false;
      list.setAttribute("aria-busy", "false");
      update();
    }
  }
  update();
  void verifyAll();
}

function rowOf(each: Package): Row {
  const badge = document.createElement("provenance-badge");
  badge.name = `${each.name} ${each.version}`;
  const element = h("li", { class: "package", "data-sample": each.sample.id },
    h("div", { class: "about" }, h("p", { class: "package-name" }, h("strong", {}, each.name), ` ${each.version}`), h("p", { class: "faint" }, each.about)),
    badge,
  );
  return { ...each, element, badge };
}

/** Judges all of them, by workers where the page may have some, and draws each when it is done. How many workers there were. */
async function verify({ roots }: Samples, rows: readonly Row[], signal: AbortSignal, onDone: () => void): Promise<number | undefined> {
  // Several roots are trusted together, as a registry would.
  const trusted = roots.map((root) => JSON.stringify(JSON.parse(root))).join("\n");
  const options: BatchOptions = {
    signal,
    onProgress({ index, result }) {
      const row = rows[index];
      if (row === undefined) return;
      const subject = outcomeOf(row, result);
      row.badge.report = subject;
      row.state = modelOf(subject, row.name).state;
      row.element.dataset["state"] = row.state;
      onDone();
    },
  };
  const pool = await poolBy(trusted, signal);
  if (pool === undefined) await (await verifierBy(trusted)).batch(items(rows), options);
  else {
    try {
      await pool.batch(items(rows), options);
    } finally {
      await pool.close();
    }
  }
  return pool?.size;
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** One by one, when it is their turn. */
function* items(rows: readonly Row[]): Iterable<BatchItem> {
  for (const { sample, broken } of rows) yield { ...requestOf(sample), ...(broken && { artifact: brokenOff() }) };
}

/** As a download that breaks off. */
function brokenOff(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      controller.error(new Error("the download broke off"));
    },
  });
}

function outcomeOf({ sample }: Row, { evaluation, report, error }: BatchResult): BadgeSubject {
  if (evaluation !== undefined) return subjectOf(sample, evaluation);
  return report ?? { error };
}

/** From badge to badge by the arrow keys, past those that are hidden. */
function walk(event: KeyboardEvent, rows: readonly Row[]): void {
  const shown = rows.filter(({ element }) => !element.hidden);
  const at = shown.findIndex(({ badge }) => badge === event.target);
  const last = shown.length - 1;
  const next = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last }[event.key];
  // In the details of an open badge, the keys scroll.
  if (at < 0 || next === undefined || shown[at]?.badge.shadowRoot?.querySelector(":popover-open") != null) return;
  event.preventDefault();
  shown[next]?.badge.shadowRoot?.querySelector<HTMLElement>("button")?.focus();
}
