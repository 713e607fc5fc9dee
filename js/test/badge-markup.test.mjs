// Badges as pictures and as HTML: nothing that anybody wrote becomes markup or a link, all is readable in both themes, and no text runs out of its frame.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { badge, badgeCss, badgeHtml, badgeStates, badgeSvg, english, reportHtml } from "../dist/badge/index.js";
import { german } from "../dist/badge/german.js";
import { dark, light } from "../dist/badge/colours.js";
import { roomFor } from "../dist/badge/layout.js";
import { edited, everySubject, minted, places, replaced, report, subjects, textsOf, withoutMinted } from "./badges.mjs";
import { elements } from "./markup.mjs";

const name = "npm:sigstore@5.0.0";
const themes = ["light", "dark", "auto"];
const styles = ["card", "compact"];
const pictures = (made) => themes.flatMap((theme) => styles.map((style) => badgeSvg(made, { theme, style })));
/** A badge that has something of everything. */
const full = edited(badge(subjects.failed.evaluation, { name }), (copy) => {
  const { facts, custody, checks, notes } = badge(subjects["verified-with-notes"].anySigner);
  Object.assign(copy, { facts, custody, checks, notes });
  copy.requirements[2].parts = [{ name: "part", met: false, parts: [] }];
  copy.reasons[0].hint = "hint";
});

const traps = ['"><img src=x onerror=alert(1)>', "'><script>alert(1)</script>", "</text></svg><script>alert(1)</script>", "</style><script>", "]]>--><!--", "&lt;img&gt;&amp;&#60;", "javascript:alert(1)", "`onmouseover=alert(1)", "\u{0}\u{8}\u{ffff}\ud800", "\u{202e}\u{2066}"];
/** What an attacker cannot choose: closed words, of which another is refused. */
const closed = /\/?(?:state|status|symbol)$/u;

/** The elements with the names of their attributes: what must be the same whatever was written. */
const skeleton = (markup) => elements(markup).map(({ name: element, attributes, depth }) => [element, depth, Object.keys(attributes)]);

describe("text of anybody's stays text", () => {
  const before = [badgeHtml, reportHtml].map((draw) => skeleton(draw(full)));
  for (const trap of traps) {
    test(JSON.stringify(trap), () => {
      for (const place of places(full)) {
        const at = place.join("/");
        if (typeof place.reduce((value, key) => value[key], full) !== "string" || closed.test(at)) continue;
        const made = replaced(full, place, trap);
        const isLink = ([element]) => at.endsWith("/href") && element === "a";
        const markup = (list) => list.filter((each) => !isLink(each)).map(([element, , keys]) => [element, keys]);
        [badgeHtml, reportHtml].forEach((draw, which) => assert.deepEqual(markup(skeleton(draw(made))), markup(before[which]), at));
        for (const svg of styles.map((style) => badgeSvg(made, { style }))) {
          for (const { name: element, attributes } of elements(svg)) {
            assert.ok(["svg", "title", "desc", "style", "rect", "path", "g", "text"].includes(element), element);
            for (const key of Object.keys(attributes)) assert.doesNotMatch(key, /^on|href|style/u);
          }
        }
      }
    });
  }
  test("the reader of markup would see it otherwise", () => {
    for (const bad of ["<p>&</p>", "<p>a > b</p>", "<p onclick=x></p>", '<p a="<"></p>', "<p></b>", "<p>", "a", "<!-- --><p></p>", "<p>\u{0}</p>", '<p a="1" a="2"></p>', "<P></P>"]) assert.throws(() => elements(bad), Error, bad);
  });
});

test("one line with a name tells who signed, and without one the claim", () => {
  const texts = (made) => [...badgeSvg(made, { style: "compact" }).matchAll(/<text [^>]*>([^<]*)</gu)].map(([, text]) => text);
  const signer = /^Signer: github\.com\/sigstore\/sigstore-js/u;
  assert.match(texts(badge(report(), { name }))[2], signer);
  assert.equal(texts(badge(report(), { name })).length, 3);
  for (const made of [badge(report()), badge(subjects.failed.report, { name })]) assert.equal(texts(made).length, 2);
});

test("links of HTML are to https alone, and tell nobody from where", () => {
  const links = (made) => elements(reportHtml(made)).filter(({ name: element }) => element === "a").map(({ attributes }) => attributes);
  assert.equal(links(badge(report())).length, 8);
  for (const { href, rel } of links(badge(report()))) {
    assert.match(href, /^https:\/\/(?:github\.com\/sigstore\/sigstore-js|search\.sigstore\.dev\/\?logIndex=\d+$)/u);
    assert.equal(rel, "noopener noreferrer nofollow");
  }
  for (const href of ["javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "http://github.com/a/b", "//evil.example", "/relative", "https://", "", "vbscript:x"]) {
    const made = edited(badge(report()), (copy) => [...copy.facts, ...copy.custody].forEach((each) => (each.href = href)));
    assert.deepEqual(links(made), [], href);
  }
});

test("what is no state is refused, not drawn", () => {
  for (const state of ["passed", "verified ", "toString", "", undefined, "__proto__"]) {
    const made = { ...badge(report()), state };
    for (const draw of [badgeSvg, badgeHtml, reportHtml]) assert.throws(() => draw(made), TypeError);
  }
  const made = edited(badge(report()), (copy) => (copy.integrity.state = "verified evil"));
  assert.throws(() => badgeHtml(made), TypeError);
});

describe("each state", () => {
  for (const { state, called, subject } of everySubject) {
    test(`${state}: ${called} says it in title, in words and by its shape`, () => {
      const made = badge(subject, { name });
      for (const svg of pictures(made)) {
        const [root, title] = elements(svg);
        assert.deepEqual([root.attributes.role, root.attributes["aria-label"], title.text], ["img", made.aria, made.aria]);
        assert.ok(elements(svg).some(({ name: element, text }) => element === "text" && [made.title, made.mark.word].includes(text)));
      }
      const [section] = elements(badgeHtml(made));
      assert.deepEqual([section.attributes.class, section.attributes["aria-label"]], [`adm-badge adm-${state}`, made.aria]);
      const said = elements(reportHtml(made)).map(({ text }) => text).join("\n");
      const { mark: _, headings: __, aria: ___, language: ____, ...shown } = made;
      for (const text of textsOf({ ...shown, state: "", custody: [], checks: [], facts: shown.facts.map(({ label, value }) => ({ label, value })), integrity: shown.integrity.text, provenance: shown.provenance.text, reasons: shown.reasons.map(({ message, hint, code }) => ({ message, hint, code })) })) assert.ok(said.includes(text), text);
    });
  }
  test("has a shape of its own, in pictures and in HTML", () => {
    const shape = (markup) => elements(markup).filter(({ name: element, attributes }) => element === "path" && !("transform" in attributes)).map(({ attributes: { d, fill } }) => `${d} ${fill === "none"}`).slice(0, 2).join();
    for (const draw of [badgeHtml, (made) => badgeSvg(made, { style: "compact", theme: "light" })]) {
      assert.equal(new Set(badgeStates.map((state) => shape(draw(badge(Object.values(subjects[state])[0]))))).size, badgeStates.length);
    }
  });
});

test("headings are those of the language, and all are used", () => {
  const html = ["verified", "failed"].map((state) => reportHtml(badge(subjects[state].evaluation, { strings: german }))).join("") + reportHtml({ ...full, headings: german.heading });
  for (const heading of Object.values(german.heading)) assert.ok(html.includes(heading), heading);
  assert.deepEqual(Object.keys(german.heading), Object.keys(english.heading));
});

test("all text has the contrast of WCAG's level AA, in both themes", () => {
  const channel = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => [1, 3, 5].map((at) => channel(parseInt(colour.slice(at, at + 2), 16) / 255)).reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  assert.equal(contrast("#000000", "#ffffff"), 21);
  for (const { ground, ink, soft, accent } of [light, dark]) {
    for (const colour of [ink, soft, ...Object.values(accent)]) assert.ok(contrast(colour, ground) >= 4.5, `${colour} on ${ground}`);
  }
});

test("themes: fixed colours, or what whoever looks prefers, without touching other pictures of the page", () => {
  const [verified, failed] = [badge(report()), badge(subjects.failed.report)];
  assert.ok(badgeSvg(verified, { theme: "light" }).includes(light.accent.verified) && !badgeSvg(verified, { theme: "light" }).includes("<style>"));
  assert.ok(badgeSvg(verified, { theme: "dark" }).includes(dark.accent.verified) && !badgeSvg(verified, { theme: "dark" }).includes(light.ink));
  const rules = (made) => new Map([...badgeSvg(made).matchAll(/\.([\w-]+)\{([^}]*)\}/gu)].map(([, selector, rule]) => [selector, rule]));
  for (const [selector, rule] of rules(verified)) if (rules(failed).has(selector)) assert.equal(rules(failed).get(selector), rule);
  assert.match(badgeSvg(verified), /^<svg[^>]*>.*@media \(prefers-color-scheme: dark\)/su);
});

describe("layout", () => {
  const holds = (made) => {
    for (const svg of styles.map((style) => badgeSvg(made, { style, theme: "light" }))) {
      const found = elements(svg);
      const [width, height] = ["width", "height"].map((key) => Number(found[0].attributes[key]));
      assert.ok(height < 400 && width <= 640, `${width} × ${height}`);
      for (const { attributes, text } of found.filter(({ name: element }) => element === "text")) {
        const font = { size: Number(attributes["font-size"]), bold: attributes["font-weight"] === "700" };
        const room = attributes.textLength === undefined ? roomFor(text, font) : Number(attributes.textLength);
        assert.ok(Number(attributes.x) + room <= width, text);
        assert.ok(Number(attributes.y) < height, text);
      }
    }
  };
  test("nothing runs out of the frame, however long", () => {
    const passed = badge(report(), { name });
    for (const long of ["x".repeat(1_000_000), "long words ".repeat(100), `${"a/".repeat(200)}b`, "漢".repeat(300), "🦀".repeat(300), "W".repeat(30)]) {
      holds({ ...passed, name: long, title: long, claim: long, integrity: { state: "verified", text: long }, notes: [long], mark: { ...passed.mark, word: long } });
    }
  });
  test("nor does it of minted cases, in any language", { skip: withoutMinted }, () => {
    for (const { report: of } of [...minted("good"), ...minted("bad")]) for (const strings of [english, german]) holds(badge(of, { name, strings }));
  });
});

test("HTML needs no leave for scripts or styles, and the style sheet is about nothing else than badges", () => {
  for (const { subject } of everySubject) {
    for (const { name: element, attributes } of elements(reportHtml(badge(subject)))) {
      assert.ok(!["script", "style", "link", "img", "iframe", "form", "object"].includes(element), element);
      for (const key of Object.keys(attributes)) assert.doesNotMatch(key, /^on|^style$|^src$/u);
    }
  }
  for (const [, selector] of badgeCss.matchAll(/\.([a-z][\w-]*)(?=[^{}]*\{)/gu)) assert.match(selector, /^adm-/u);
});

test("the pictures of the README are made by the function", () => {
  for (const [file, subject] of [["badge", subjects.verified.report], ["badge-failed", subjects.failed.artifact]]) {
    const path = new URL(`../../docs/${file}.svg`, import.meta.url);
    const svg = badgeSvg(badge(subject, { name }));
    if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(path, svg);
    assert.equal(readFileSync(path, "utf8"), svg, "UPDATE_SNAPSHOTS=1 node --test js/test/badge-markup.test.mjs writes them anew");
  }
});
