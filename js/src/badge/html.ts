import { text } from "../markup.js";
import {
  badgeStates,
  type Badge,
  type BadgeCheck,
  type BadgeFact,
  type BadgeLine,
  type BadgeLineState,
  type BadgeLink,
  type BadgeReason,
  type BadgeRequirement,
  type BadgeState,
} from "./model.js";
import { symbolOf, symbolPaths } from "./symbols.js";

const lineStates: readonly BadgeLineState[] = ["verified", "claimed", "absent", "failed", "unknown"];

/**
 * A badge as HTML: the state, the claim, integrity and provenance. It runs and loads nothing and holds no style, so that the strictest content security
 * policy lets it in; `badgeCss` is its style sheet, and it can be read without. All text is escaped, and links are to https or left out, whoever made the badge.
 */
export function badgeHtml(badge: Badge): string {
  const state = known(badgeStates, badge.state);
  const name = badge.name === undefined ? "" : ` <span class="adm-name">${text(badge.name)}</span>`;
  return `<section class="adm-badge adm-${state}" lang="${text(badge.language)}" aria-label="${text(badge.aria)}">
<p class="adm-title">${symbol(state)} <strong>${text(badge.title)}</strong>${name}</p>
<p class="adm-claim">${text(badge.claim)}</p>
<ul class="adm-halves">
${half(badge.headings.integrity, badge.integrity)}
${half(badge.headings.provenance, badge.provenance)}
</ul>
</section>
`;
}

/** All of a badge as HTML: what `badgeHtml` has, then reasons, notes, facts, the chain from source to artifact, what it does not prove, and every check. */
export function reportHtml(badge: Badge): string {
  const { headings } = badge;
  const sections = [
    section(headings.reasons, list("adm-reasons", badge.reasons, (each) => reason(each, badge))),
    section(headings.notes, list("adm-notes", badge.notes, text)),
    section(headings.requirements, requirements(badge.requirements, badge)),
    section(headings.facts, facts(badge)),
    section(headings.custody, custody(badge)),
    section(headings.limits, list("adm-limits", badge.doesNotProve, text)),
    section(headings.checks, list("adm-checks", badge.checks, check)),
  ];
  return `<article class="adm-report" lang="${text(badge.language)}">\n${badgeHtml(badge)}${sections.join("")}</article>\n`;
}

function section(title: string, body: string): string {
  return body === "" ? "" : `<section class="adm-section">\n<h3>${text(title)}</h3>\n${body}\n</section>\n`;
}

function list<Item>(name: string, items: readonly Item[], markup: (item: Item) => string): string {
  return items.length === 0 ? "" : `<ul class="${name}">\n${items.map((item) => `<li>${markup(item)}</li>`).join("\n")}\n</ul>`;
}

function half(label: string, { state, text: words }: BadgeLine): string {
  return `<li class="adm-half adm-half-${known(lineStates, state)}"><b>${text(label)}</b> <span>${text(words)}</span></li>`;
}

function reason({ code, message, hint }: BadgeReason, { headings }: Badge): string {
  return `${text(message)} <code>${text(code)}</code>${hint === undefined ? "" : `<br/><b>${text(headings.next)}:</b> ${text(hint)}`}`;
}

function requirements(all: readonly BadgeRequirement[], badge: Badge): string {
  const { met, unmet } = badge.headings;
  return list("adm-requirements", all, ({ name, met: isMet, parts }) => {
    const mark = `<span class="adm-${isMet ? "met" : "unmet"}">${text(isMet ? met : unmet)}</span>`;
    return `<b>${text(name)}</b> ${mark}${requirements(parts, badge)}`;
  });
}

function facts(badge: Badge): string {
  if (badge.facts.length === 0) return "";
  const rows = badge.facts.map((fact) => `<div class="adm-fact"><dt>${text(fact.label)}</dt><dd>${linked(fact.value, fact)} ${standing(fact, badge)}</dd></div>`);
  return `<dl class="adm-facts">\n${rows.join("\n")}\n</dl>`;
}

function custody(badge: Badge): string {
  if (badge.custody.length === 0) return "";
  const links = badge.custody.map((link) => `<li><b>${text(link.label)}</b> ${linked(link.text, link)} ${when(link)}${link.certified ? "" : standing(link, badge)}</li>`);
  return `<ol class="adm-custody">\n${links.join("\n")}\n</ol>`;
}

function when({ when: words, time }: BadgeLink): string {
  if (words === undefined) return "";
  return time === undefined ? `<span class="adm-when">${text(words)}</span>` : `<time class="adm-when" datetime="${text(time)}">${text(words)}</time>`;
}

function standing({ certified }: BadgeFact | BadgeLink, { headings }: Badge): string {
  return `<small class="${certified ? "adm-certified" : "adm-claimed"}">${text(certified ? headings.certified : headings.claimed)}</small>`;
}

function check({ label, status, word, sentence, rows }: BadgeCheck): string {
  const table = rows.map((row) => `<div class="adm-fact"><dt>${text(row.label)}</dt><dd>${text(row.value)}</dd></div>`);
  const more = table.length === 0 ? "" : `<dl class="adm-rows">${table.join("")}</dl>`;
  const mark = `<span class="adm-status adm-status-${known(["passed", "failed", "blocked", "absent"], status)}">${text(word)}</span>`;
  return `<b>${text(label)}</b> ${mark}<br/>${text(sentence)}${more}`;
}

/** A link to https, whatever else stands in the badge. */
function linked(words: string, { href }: { readonly href?: string }): string {
  if (href === undefined || !URL.canParse(href) || new URL(href).protocol !== "https:") return text(words);
  return `<a href="${text(new URL(href).href)}" rel="noopener noreferrer nofollow">${text(words)}</a>`;
}

/** The symbol in the colour of the text; it says nothing that the title does not. */
function symbol(state: BadgeState): string {
  const paths = symbolPaths(symbolOf[state], (attribute, role) => (role === "accent" ? `${attribute}="currentColor"` : `${attribute}="#fff" class="adm-cut"`));
  return `<svg class="adm-symbol" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">${paths}</svg>`;
}

/** One of the words that may stand in a class. @throws TypeError */
function known<Word extends string>(words: readonly Word[], word: string): Word {
  const found = words.find((each) => each === word);
  if (found === undefined) throw new TypeError("expected a badge, found an unknown state");
  return found;
}
