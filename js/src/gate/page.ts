import type { RequirementLine } from "../evaluation.js";
import { text } from "../markup.js";
import type { GateProblem } from "./denial.js";

/** A denial as a person reads it. It loads nothing and runs nothing. */
export function page(problem: GateProblem): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
  const { title, detail, verdict, requirements = [], findings = [], digest, policy, code } = problem;
  const facts = [
    ["File", digest],
    ["Policy", policy === undefined ? undefined : (policy.name ?? `sha256:${policy.sha256}`)],
    ["Code", code],
  ];
  const advice = verdict === "rejected" ? "Do not use this file from elsewhere before you know why it was refused." : "This says nothing about the file. Try again later.";
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${style}</style>
<main>
<p class="${verdict}">${verdict === "rejected" ? "Refused" : "Not verified"}</p>
<h1>${text(title)}</h1>
<p>${text(sentence(detail))}</p>
${list(requirements)}${findings.map(({ message }) => `<p>${text(sentence(message))}</p>\n`).join("")}<p>${advice}</p>
<dl>${facts.map(([name, value]) => (value === undefined ? "" : `<dt>${text(String(name))}<dd>${text(value)}`)).join("")}</dl>
</main>
</html>
`;
  return {
    body,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      "referrer-policy": "no-referrer",
    },
  };
}

function list(lines: readonly RequirementLine[]): string {
  if (lines.length === 0) return "";
  const items = lines.map(({ name, met, failures = [], parts = [] }) => {
    const reasons = failures.map(({ message, hint }) => `<p>${text(sentence(message))}${hint === undefined ? "" : ` <em>${text(sentence(hint))}</em>`}</p>`);
    return `<li class="${met ? "met" : "unmet"}"><b>${text(name)}</b> <span>${met ? "met" : "not met"}</span>${reasons.join("")}${list(parts)}`;
  });
  return `<ul>\n${items.join("\n")}\n</ul>\n`;
}

function sentence(message: string): string {
  const capital = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?:]$/u.test(capital) ? capital : `${capital}.`;
}

const style = `:root{color-scheme:light dark;--ink:#1c1f24;--soft:#5b626d;--ground:#fff;--line:#d9dde3;--bad:#b3261e;--good:#1b6e3c;--wait:#8a5a00}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a2a9b4;--ground:#16181c;--line:#363b43;--bad:#ff8a80;--good:#7fd6a0;--wait:#f2c063}}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:42rem;margin:10vh auto;padding:0 1.5rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:.25rem 0 1rem}
ul{list-style:none;padding:0;border-top:1px solid var(--line)}
li{padding:.6rem 0 .6rem 1.8rem;border-bottom:1px solid var(--line);position:relative}
li::before{position:absolute;left:0;font-weight:700}
li.met::before{content:"\\2713";color:var(--good)}
li.unmet::before{content:"\\2717";color:var(--bad)}
li p{margin:.2rem 0 0}
li span,em,dl{color:var(--soft)}
li ul{margin:.5rem 0 0}
.rejected,.unavailable{margin:0;font-weight:700;color:var(--bad)}
.unavailable{color:var(--wait)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;font-size:.875rem}
dd{margin:0;font-family:ui-monospace,monospace}`;

/** Of `style`, for the page's policy (CSP 3 §2.3.1); a test makes it anew. */
const styleHash = "sha256-A0iBNbwRjusir2dZnH0mTd5/Ki7ee31nCBrvvw00Ja8=";
