import { dark, light, type Theme } from "./colours.js";
import { badgeStates, type BadgeState } from "./model.js";

const properties = ({ ground, ink, soft, line }: Theme): string => `--adm-ground:${ground};--adm-ink:${ink};--adm-soft:${soft};--adm-line:${line}`;
const accents = ({ accent }: Theme): string => badgeStates.map((state: BadgeState) => `.adm-${state}{--adm-accent:${accent[state]}}`).join("\n");

const sheet = (): string => `.adm-badge,.adm-report{${properties(light)};--adm-good:${light.accent.verified};--adm-bad:${light.accent.failed};box-sizing:border-box;max-width:46rem;color:var(--adm-ink);font:.9375rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
${accents(light)}
@media(prefers-color-scheme:dark){.adm-badge,.adm-report{${properties(dark)};--adm-good:${dark.accent.verified};--adm-bad:${dark.accent.failed}}
${accents(dark)}}
.adm-badge{padding:1rem 1.25rem;border:1px solid var(--adm-line);border-radius:.625rem;background:var(--adm-ground)}
.adm-report>.adm-badge{margin-bottom:1.5rem}
.adm-title,.adm-claim{margin:0 0 .5rem}
.adm-title strong{color:var(--adm-accent);font-size:1.2rem}
.adm-symbol{width:1.75rem;height:1.75rem;margin-right:.25rem;vertical-align:-.45rem;color:var(--adm-accent)}
.adm-cut{stroke:var(--adm-ground)}
.adm-name,.adm-when,.adm-half span{color:var(--adm-soft)}
.adm-halves{margin:0;padding:.75rem 0 0;border-top:1px solid var(--adm-line);list-style:none;font-size:.875rem}
.adm-half{padding-left:1.5rem;position:relative}
.adm-half::before{position:absolute;left:0;font-weight:700;content:"\\2026";color:var(--adm-soft)}
.adm-half-verified::before{content:"\\2713";color:var(--adm-good)}
.adm-half-claimed::before{content:"~"}
.adm-half-absent::before{content:"\\2013"}
.adm-half-failed::before{content:"\\2717";color:var(--adm-bad)}
.adm-report{padding:1.25rem;background:var(--adm-ground)}
.adm-section h3{margin:1.5rem 0 .5rem;font-size:1rem}
.adm-section ul,.adm-section ol{margin:0;padding-left:1.25rem}
.adm-section li{margin-bottom:.35rem}
.adm-section .adm-checks,.adm-section .adm-requirements{padding:0;list-style:none}
.adm-checks>li{padding:.5rem 0;border-top:1px solid var(--adm-line)}
.adm-requirements .adm-requirements{padding-left:1.25rem}
.adm-facts,.adm-rows{margin:0}
.adm-fact{display:grid;grid-template-columns:10rem 1fr;gap:0 1rem;padding:.15rem 0}
.adm-rows{font-size:.8125rem}
.adm-fact dt{color:var(--adm-soft)}
.adm-fact dd{margin:0}
.adm-report a{color:inherit}
.adm-report code{color:var(--adm-soft);font-size:.8125rem}
.adm-certified,.adm-status-passed,.adm-met{color:var(--adm-good)}
.adm-claimed,.adm-status-blocked,.adm-status-absent{color:var(--adm-soft)}
.adm-claimed{font-style:italic}
.adm-status,.adm-met,.adm-unmet{font-size:.8125rem;font-weight:700}
.adm-status-failed,.adm-unmet{color:var(--adm-bad)}
@media(max-width:36rem){.adm-fact{grid-template-columns:1fr}}
`;

/**
 * The style sheet of `badgeHtml` and `reportHtml`, light and dark as whoever looks prefers. All names begin with `adm-`. A page that has its own colours sets
 * `--adm-ground`, `--adm-ink`, `--adm-soft`, `--adm-line` and `--adm-accent` of `.adm-badge` and `.adm-report`.
 */
export const badgeCss: string = /* @__PURE__ */ sheet();
