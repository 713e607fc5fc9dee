// What runs in the pages: functions for the tests, each of which returns what it saw.

import "/node_modules/admissible/dist/element/index.js";
import { badge, english } from "/node_modules/admissible/dist/badge/index.js";
import { german } from "/node_modules/admissible/dist/badge/german.js";
import { cases, subjects } from "/subjects.mjs";

const here = document.querySelector("#here");
const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
const called = "npm:acme@1.0.0";
const kinds = ["provenance-badge", "provenance-report"];

/** Draws a subject, alone on the page. */
async function draw(kind, report, more = {}) {
  const element = Object.assign(document.createElement(kind), { name: called, ...more, report });
  here.replaceChildren(element);
  await element.updateComplete;
  return element;
}

/** Opens all that can be opened. */
async function unfold(element) {
  element.shadowRoot.querySelector("[popover]")?.showPopover();
  await element.updateComplete;
  for (const each of element.shadowRoot.querySelectorAll("details")) each.open = true;
}

const all = (element) => [...element.shadowRoot.querySelectorAll("*")];
const shown = (element) => all(element).flatMap((each) => [...[...each.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data), each.getAttribute("aria-label") ?? ""]).join("\n");
const textsOf = (value) => (typeof value === "string" ? [value] : typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : []);

/** What of a badge's own texts is not shown by an element, and which links it has that the badge has not. */
async function compared(kind, subject) {
  const made = badge(subject, { name: called });
  const element = await draw(kind, subject);
  await unfold(element);
  const { headings: _, state, language, mark, ...rest } = made;
  const text = shown(element);
  // The times are in attributes, keys and states in none.
  const keys = new Set(["key", "state", "from", "to", "time", "href", "id", "status", "check"]);
  const parts = (value) => JSON.parse(JSON.stringify(value, (key, inner) => (keys.has(key) ? undefined : inner)));
  const expected = kind === "provenance-report" ? textsOf(parts(rest)) : [made.title, made.claim, called, made.aria, made.integrity.text, made.provenance.text, ...made.doesNotProve, ...made.notes, ...textsOf(parts(made.reasons))];
  const links = new Set([...made.facts, ...made.custody].flatMap(({ href }) => href ?? []));
  return {
    state: made.state,
    classes: all(element).filter((each) => each.matches("[part~=badge], [part~=report]")).map((each) => each.getAttribute("part")),
    missing: expected.filter((each) => !text.includes(each)),
    foreign: all(element).filter((each) => each.localName === "a" && !links.has(each.href)).map(({ href }) => href),
    symbol: element.shadowRoot.querySelector("[part=symbol]").innerHTML.replace(/<!--.*?-->/gu, "").trim(),
    lang: element.shadowRoot.querySelector("[lang]").lang,
  };
}

globalThis.drawn = async () => {
  const results = [];
  for (const { state, called: name, subject } of subjects) for (const kind of kinds) results.push({ kind, expected: state, name, ...(await compared(kind, subject)) });
  return results;
};

/** Every minted case: how good and bad ones are drawn, each of a report and an evaluation. */
globalThis.minted = async () => {
  const results = [];
  for (const { kind: expected, name, report, evaluation } of cases) {
    for (const subject of [report, evaluation]) {
      for (const kind of kinds) {
        const element = await draw(kind, subject);
        const part = element.shadowRoot.querySelector("[part~=badge], [part~=report]").getAttribute("part");
        results.push({ expected, name, kind, part, facts: element.shadowRoot.querySelectorAll("[part~=fact], [part~=step]").length });
      }
    }
  }
  return results;
};

/** Elements and attributes that drawing alone makes. */
const tags = new Set("article section header footer div span p h2 h3 b bdi a ul ol li dl dt dd details summary code time button figure figcaption svg path line rect slot".split(" "));
const hostile = ['"><img src=x onerror="pwned = 1"><script>pwned = 1</script>', "javascript:pwned = 1", "\u{202e}\u{2066}gnp.exe\u{200b}\u{61c}\u{200f}\u{85}\u{9b}31m\u{7f}", "${pwned = 1}<!--?lit$1$-->", "https://github.com/a/b?\"><b>#", "x".repeat(100_000)];

function* places(value, path = []) {
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "string") yield [...path, key];
    else if (typeof inner === "object" && inner !== null) yield* places(inner, [...path, key]);
  }
}

/** Draws subjects in which every text is replaced, one at a time and most of them at once, and tells what is more than text. */
globalThis.attacked = async () => {
  const found = [];
  let tried = 0;
  const look = async (subject, text, path, kind) => {
    const element = await draw(kind, subject, path.length % 2 ? { name: text } : {});
    tried += 1;
    const strange = all(element).filter((each) => !tags.has(each.localName) || [...each.attributes].some(({ name }) => name.startsWith("on") || name === "style"));
    const links = all(element).filter((each) => each.localName === "a" && !each.href.startsWith("https://")).map(({ href }) => href);
    // What is between the elements of the page itself is no text of the report.
    const hidden = /[\u{202a}-\u{202e}\u{2066}-\u{2069}\u{200b}\u{200e}\u{200f}\u{61c}\u{7f}-\u{9f}]/u.test(element.shadowRoot.textContent);
    if (strange.length + links.length > 0 || hidden || globalThis.pwned !== undefined) found.push({ path: path.join("/"), text: text.slice(0, 40), strange: strange.map(({ outerHTML }) => outerHTML.slice(0, 100)), links, hidden });
  };
  for (const { subject } of subjects.filter(({ called: name }) => ["report", "outcome", "unavailable", "evaluation"].includes(name))) {
    const where = [...places(subject)];
    for (const text of hostile) {
      const whole = structuredClone(subject);
      for (const path of where) {
        const copy = structuredClone(subject);
        for (const each of [copy, whole]) path.slice(0, -1).reduce((at, key) => at[key], each)[path.at(-1)] = text;
        await look(copy, text, path, kinds[path.length % 2]);
      }
      for (const kind of kinds) await look(whole, text, [], kind);
    }
  }
  return { tried, found };
};

/** Every part that is drawn. */
globalThis.parts = async () => {
  const found = new Set();
  for (const { subject } of [{}, ...subjects]) {
    for (const kind of kinds) {
      const element = await draw(kind, subject);
      await unfold(element);
      for (const each of all(element)) for (const part of each.part) found.add(part);
    }
  }
  return [...found].sort();
};

const verified = subjects.find(({ called: name }) => name === "report").subject;
const failed = subjects.find(({ state, called: name }) => state === "failed" && name === "report").subject;

/** The report as an attribute, and what is shown until there is one. */
globalThis.unset = async (kind) => {
  const element = document.createElement(kind);
  element.setAttribute("report", JSON.stringify(verified));
  element.setAttribute("name", "attribute");
  element.append("what the page has");
  here.replaceChildren(element);
  await frame();
  const slot = element.shadowRoot.querySelector("slot");
  const before = { parts: all(element).map((each) => each.getAttribute("part")), slotted: slot.assignedNodes().map(({ data }) => data), pending: slot.textContent };
  element.report = verified;
  await frame();
  const after = { slot: element.shadowRoot.querySelector("slot") !== null, text: shown(element) };
  element.report = undefined;
  await frame();
  return { before, after, again: element.shadowRoot.querySelector("slot")?.assignedNodes().length };
};

/** One thing after the other in one element: which state is shown after each, before the page is painted. */
globalThis.changed = async (kind) => {
  const element = await draw(kind, verified);
  const states = [];
  const note = async () => {
    await Promise.resolve();
    await Promise.resolve();
    const part = element.shadowRoot.querySelector("[part~=badge], [part~=report]")?.getAttribute("part");
    states.push(part ?? "pending");
  };
  const mutable = structuredClone(verified);
  for (const report of [verified, {}, verified, "verified", verified, { get verdict() { throw new Error("no"); } }, verified, failed, verified, undefined, verified, null, mutable]) {
    element.report = report;
    await note();
  }
  mutable.verdict = "failed";
  element.report = mutable;
  await note();
  element.report = verified;
  element.strings = german;
  await note();
  const text = shown(element);
  element.strings = { heading: { facts: Symbol("facts") } };
  await note();
  return { states, german: text.includes("Geprüft") };
};

/** What a server sent, after the elements are known; and when something is handed in. */
globalThis.served = async () => {
  const of = (id) => document.querySelector(`#served #${id}`);
  const root = (id) => of(id).shadowRoot?.textContent.trim();
  const before = { children: of("children").shadowRoot.querySelector("slot").assignedElements().length, open: root("open"), closed: closedRoot.textContent.trim(), early: of("early").shadowRoot.textContent };
  for (const id of ["children", "open", "closed"]) of(id).report = failed;
  await frame();
  const title = ({ firstElementChild }) => firstElementChild?.getAttribute("part");
  return { before, after: { children: title(of("children").shadowRoot), open: title(of("open").shadowRoot), closed: title(closedRoot) } };
};

/** Draws for tests that press keys; tells what has the focus. */
globalThis.place = async (kind, more) => {
  const element = await draw(kind, verified, more);
  document.activeElement?.blur();
  return element.localName;
};
globalThis.focused = () => {
  const inner = here.firstElementChild.shadowRoot.activeElement;
  return { part: inner?.getAttribute("part") ?? inner?.localName ?? null, open: here.firstElementChild.shadowRoot.querySelector("[popover]")?.matches(":popover-open") ?? null, unfolded: here.firstElementChild.shadowRoot.querySelectorAll("details[open]").length };
};

/** What is copied. */
globalThis.copies = [];
Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => (globalThis.refusing ? Promise.reject(new Error("no")) : void copies.push(text)) } });
globalThis.listen = (prevent) => {
  globalThis.events = [];
  here.addEventListener("provenance-copy", (event) => {
    events.push(event.detail);
    if (prevent) event.preventDefault();
  }, { once: true });
};
globalThis.clickByScript = async () => {
  for (const button of here.firstElementChild.shadowRoot.querySelectorAll("[part=copy]")) button.click();
  await frame();
  return copies.length;
};
globalThis.focusOn = (selector) => {
  here.firstElementChild.shadowRoot.querySelector(selector).focus();
};
globalThis.say = () => here.firstElementChild.shadowRoot.querySelector(".copy:focus").textContent.trim();
globalThis.digests = () => ({ digest: badge(verified).facts.find(({ key }) => key === "digest").value, json: JSON.stringify(verified, null, 2) });

/** Which words of the elements' own are shown; `copied` and `notCopied` come after a click. */
globalThis.ownWords = async () => {
  const marked = { element: Object.fromEntries(Object.keys(english.element).map((key) => [key, `⟦${key}⟧`])) };
  const texts = [];
  for (const kind of kinds) {
    for (const report of [undefined, verified]) {
      const element = await draw(kind, report, { strings: marked });
      await unfold(element);
      texts.push(shown(element));
      await Promise.allSettled([]);
    }
  }
  return Object.keys(english.element).filter((key) => !texts.join().includes(`⟦${key}⟧`));
};

/** Flaws of accessibility in each state, light or dark, with everything open. */
globalThis.audited = async (scheme) => {
  document.documentElement.className = scheme;
  document.querySelector("#served").hidden = true;
  const flaws = [];
  const rules = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
  const firsts = subjects.filter(({ state }, at) => subjects.findIndex((each) => each.state === state) === at);
  for (const { state, subject } of [{ state: "pending" }, ...firsts]) {
    for (const kind of kinds) {
      const element = await draw(kind, subject);
      for (const open of kind === "provenance-badge" ? [false, true] : [true]) {
        if (open) await unfold(element);
        const { violations: all } = await axe.run(document, rules);
        flaws.push(...all.map(({ id, nodes }) => `${scheme} ${state} ${kind}${open ? " open" : ""}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 120)} ${failureSummary}`).join("; ")}`));
      }
    }
  }
  return flaws;
};

/** What is wider than the page, or reaches out of it. */
globalThis.overflowing = async (size) => {
  document.documentElement.style.fontSize = size;
  document.querySelector("#served").hidden = true;
  const found = [];
  for (const { state, called: name, subject } of subjects) {
    for (const kind of kinds) {
      const element = await draw(kind, subject, { name: `npm:@a-rather-long-scope/${"and-a-long-name-".repeat(4)}@1.0.0` });
      await unfold(element);
      await frame();
      if (document.documentElement.scrollWidth > innerWidth) found.push(`${state} ${name} ${kind}: ${document.documentElement.scrollWidth}`);
      // A badge's own line is cut short by design: the details have the whole.
      const cut = all(element).filter((each) => each.closest(".words, .unseen") === null && each.getBoundingClientRect().right > (each.closest("[popover]") ?? element).getBoundingClientRect().right + 1);
      if (cut.length > 0) found.push(`${state} ${name} ${kind}: ${cut.map(({ outerHTML }) => outerHTML.slice(0, 80)).join(", ")}`);
      const { left, right, top, bottom, height } = (element.shadowRoot.querySelector("[popover]") ?? document.createElement("p")).getBoundingClientRect();
      if (left < 0 || right > innerWidth + 1 || top < 0 || bottom > innerHeight + 1 || (kind === kinds[0] && height < 100)) found.push(`${state} ${name}: details at ${[left, right, top, bottom].join(" ")}`);
    }
  }
  document.documentElement.style.fontSize = "";
  return found;
};

/** Where the details stand when the badge is at an edge of the page. */
globalThis.atEdges = async () => {
  document.querySelector("#served").hidden = true;
  const found = [];
  let tried = 0;
  for (const dir of ["ltr", "rtl"]) for (const top of ["0", "40vh", "92vh"]) for (const [left, right] of [["0", "auto"], ["20vw", "auto"], ["auto", "0"]]) {
    document.documentElement.dir = dir;
    const element = await draw("provenance-badge", verified);
    element.style.cssText = `position: absolute; top: ${top}; left: ${left}; right: ${right}`;
    await unfold(element);
    await frame();
    const rect = element.shadowRoot.querySelector("[popover]").getBoundingClientRect();
    tried += 1;
    const own = element.getBoundingClientRect();
    if (own.right > innerWidth || own.left < 0) found.push(`${dir} ${top} ${left} ${right}: the badge reaches out of the page`);
    if (rect.left < 0 || rect.right > innerWidth + 1 || rect.top < 0 || rect.bottom > innerHeight + 1 || rect.height < 200) found.push(`${dir} ${top} ${left} ${right}: ${JSON.stringify(rect)}`);
  }
  document.documentElement.dir = "ltr";
  return { tried, found };
};

/** From right to left, the symbol is at the right and time runs to the left. */
globalThis.mirrored = async () => {
  document.querySelector("#served").hidden = true;
  const seen = {};
  for (const dir of ["ltr", "rtl"]) {
    document.documentElement.dir = dir;
    const element = await draw("provenance-report", verified);
    const x = (selector) => element.shadowRoot.querySelector(selector).getBoundingClientRect().left;
    seen[dir] = { symbolFirst: x(".symbol") < x(".title"), early: x(".track .moment") - x(".track") < 100, overflow: document.documentElement.scrollWidth > innerWidth };
  }
  document.documentElement.dir = "ltr";
  return seen;
};

/** How long it takes to draw a hundred badges, in milliseconds. */
globalThis.hundred = async () => {
  const badges = Array.from({ length: 100 }, (_, at) => Object.assign(document.createElement("provenance-badge"), { name: `npm:acme@${at}.0.0`, report: subjects[at % subjects.length].subject }));
  const before = performance.now();
  here.replaceChildren(...badges);
  await Promise.all(badges.map((each) => each.updateComplete));
  const height = here.getBoundingClientRect().height;
  const took = performance.now() - before;
  return { took, height, drawn: badges.filter((each) => each.shadowRoot.querySelector("[part~=badge]") !== null).length, details: badges.filter((each) => each.shadowRoot.querySelector("[part~=details] *") !== null).length };
};

/** The mark of each state, as it is seen. */
globalThis.marks = async () => {
  document.querySelector("#served").hidden = true;
  const marks = [];
  for (const [at, { state, subject }] of subjects.entries()) {
    if (subjects.findIndex((each) => each.state === state) !== at) continue;
    for (const kind of kinds) {
      const element = await draw(kind, subject);
      await unfold(element);
      const one = (selector) => element.shadowRoot.querySelector(selector);
      const style = getComputedStyle(one("[part~=badge], [part~=report]"));
      const colour = (selector) => (one(selector) === null ? undefined : getComputedStyle(one(selector)));
      marks.push({
        state, kind, title: one(".title").textContent, shape: one("[part=symbol]").innerHTML.replace(/<!--.*?-->/gu, "").replace(/\s+/gu, " "),
        symbol: getComputedStyle(one("[part=symbol]")).color, cut: colour("[part=symbol] .cut")?.stroke, edge: `${style.borderTopStyle} ${String(parseFloat(style.borderTopWidth) >= 1)} ${String(style.borderTopColor !== style.backgroundColor)}`,
      });
    }
  }
  const system = (name) => {
    here.style.color = name;
    return getComputedStyle(here).color;
  };
  return { marks, ink: system("CanvasText"), ground: system("Canvas") };
};

globalThis.show = async (kind, state, scheme) => {
  document.documentElement.className = scheme;
  document.querySelector("#served").hidden = true;
  await unfold(await draw(kind, subjects.find((each) => each.state === state).subject));
  await frame();
};

tellReady("ready");
