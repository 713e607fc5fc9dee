// The pages on which the elements are tried, in a stranger's project: one under the strictest content security policy, and one without,
// since what looks for flaws of accessibility (axe) does not get by with that policy.

import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { everySubject, minted, report, withoutMinted } from "../../../js/test/badges.mjs";
import { badge, badgeHtml, reportHtml } from "../../../js/dist/badge/index.js";
import { tool, write } from "../consumer.mjs";

/** The page's icon is the only picture. */
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types lit-html";

/** More headers of the pages, by path. */
export const headers = { "/strict.html": { "content-security-policy": policy }, "/react.html": { "content-security-policy": policy } };

/** An error as it can be sent to a page. */
const plain = (subject) => {
  if (!("error" in subject)) return subject;
  const { name, code, message, url, report: refused } = subject.error ?? {};
  return { ...subject, error: { name, code, message, url, report: refused } };
};

/** What is drawn, by state. Of what the test signer mints, a sentence tells why there is none. */
const subjects = everySubject.map(({ state, called, subject }) => ({ state, called, subject: plain(subject) }));
const cases = withoutMinted ? [] : ["good", "bad"].flatMap((kind) => minted(kind).map(({ name, ...given }) => ({ kind, name, ...given })));

const passed = badge(report());

/** Elements as a server sends them: with their fallback as children, or as a shadow root. */
const served = `
<provenance-badge id="children">${badgeHtml(passed)}</provenance-badge>
<provenance-report id="open"><template shadowrootmode="open">${reportHtml(passed)}</template></provenance-report>
<provenance-badge id="closed"><template shadowrootmode="closed">${badgeHtml(passed)}</template></provenance-badge>
<provenance-badge id="early"></provenance-badge>`;

/** A page in React: which state its badge has when it is drawn with a report, with another, and without. */
const react = `
import "admissible/element";
import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { subjects } from "/subjects.mjs";

const root = createRoot(document.querySelector("#here"));
const state = async (report) => {
  flushSync(() => root.render(createElement("provenance-badge", { name: "npm:acme@1.0.0", report })));
  await new Promise((resolve) => setTimeout(resolve));
  return document.querySelector("#here provenance-badge").shadowRoot.querySelector("[part]").getAttribute("part");
};
globalThis.states = async () => {
  const [verified, failed] = ["verified", "failed"].map((wanted) => subjects.find((each) => each.state === wanted).subject);
  return [await state(verified), await state(failed), await state(undefined), await state(verified), document.querySelector("#here provenance-badge").getAttributeNames()];
};
tellReady("ready");
`;

const page = (scripts, main = "page.mjs") => `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Elements</title><link rel="icon" href="data:,"><link rel="stylesheet" href="style.css">
<script src="early.js"></script>
<main><h1>Elements</h1><div id="served">${served}</div><div id="here"></div></main>
${scripts}<script type="module" src="${main}"></script></html>`;

const style = `
html { color-scheme: light; }
html.dark { color-scheme: dark; background: #111; color: #eee; }
body { margin: 8px; font-family: sans-serif; }
`;

/** Before the elements are known. */
const early = `
globalThis.violations = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => violations.push([violatedDirective, blockedURI, sample].join(" ")));
globalThis.errors = [];
addEventListener("error", ({ message }) => errors.push(String(message)));
addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
// A closed root is seen by its element alone.
const { attachInternals } = HTMLElement.prototype;
HTMLElement.prototype.attachInternals = function () {
  const internals = attachInternals.call(this);
  if (this.id === "closed") globalThis.closedRoot = internals.shadowRoot;
  return internals;
};
addEventListener("DOMContentLoaded", () => {
  document.querySelector("#early").report = { error: { code: "early", message: "set before the element was known" } };
});
globalThis.ready = new Promise((resolve) => (globalThis.tellReady = resolve));
`;

/**
 * Writes the pages.
 *
 * @param {string} folder the project in which the package is installed
 */
export async function writePages(folder) {
  write(folder, {
    "strict.html": page(""),
    "axe.html": page('<script src="axe.js"></script>'),
    "style.css": style,
    "early.js": early,
    "page.mjs": readFileSync(new URL("page.mjs", import.meta.url)),
    "subjects.mjs": `export const subjects = ${JSON.stringify(subjects)};\nexport const cases = ${JSON.stringify(cases)};\n`,
  });
  write(folder, { "react.html": page("", "react.js"), "react-main.mjs": react });
  await build({
    absWorkingDir: folder,
    entryPoints: ["react-main.mjs"],
    outfile: "react.js",
    bundle: true,
    format: "esm",
    nodePaths: [tool("")],
    external: ["/subjects.mjs"],
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  copyFileSync(tool("axe-core/axe.min.js"), join(folder, "axe.js"));
}
