import { dark, light, type Theme } from "../badge/colours.js";
import { badgeStates } from "../badge/model.js";
import { css, unsafeCSS } from "../vendor/lit/index.js";

/** A colour of both themes; which of them, the page's `color-scheme` tells. */
function both(colour: (theme: Theme) => string): string {
  return `light-dark(${colour(light)}, ${colour(dark)})`;
}

const colours = (["ground", "ink", "soft", "line"] as const).map((name) => `--_${name}: var(--adm-${name}, ${both((theme) => theme[name])});`);
const accents = badgeStates.map((state) => `--_${state}: var(--adm-${state}, ${both(({ accent }) => accent[state])});`);
const forced = [...(["ink", "soft", "line"] as const), ...badgeStates].map((name) => `--_${name}: CanvasText;`);
const states = badgeStates.map((state) => `.${state} { --_accent: var(--_${state}); --_tint: color-mix(in srgb, var(--_${state}) 8%, var(--_ground)); }`);

/** What both elements look like. */
export const shared = css`
  :host {
    ${unsafeCSS([...colours, ...accents].join("\n"))}
    --_radius: var(--adm-radius, 0.625rem);
    box-sizing: border-box;
    max-inline-size: 100%;
    color: var(--_ink);
    font: var(--adm-font, 0.9375rem/1.5 system-ui, sans-serif);
    text-align: start;
  }
  :host([hidden]) { display: none; }
  ${unsafeCSS(states.join("\n"))}
  @media (forced-colors: active) {
    :host { --_ground: Canvas; ${unsafeCSS(forced.join(" "))} }
    ${unsafeCSS(badgeStates.map((state) => `.${state}`).join(", "))} { --_tint: Canvas; }
  }
  *, *::before { box-sizing: border-box; }
  h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; font: inherit; }
  ul, ol { list-style: none; }
  bdi, code { overflow-wrap: anywhere; }
  button { font: inherit; color: inherit; text-align: start; cursor: pointer; }
  a { color: inherit; text-decoration-color: var(--_soft); text-underline-offset: 0.2em; }
  a:hover { text-decoration-color: currentColor; text-decoration-thickness: 2px; }
  :focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; border-radius: 0.25rem; }
  svg { flex: none; fill: none; stroke: currentColor; stroke-linecap: round; stroke-linejoin: round; stroke-width: 2; }
  .symbol { color: var(--_accent); }
  .symbol .solid { fill: currentColor; stroke: none; }
  .symbol .cut { stroke: var(--_ground); }
  .symbol .dashed { stroke-dasharray: 3.4 2.4; stroke-linecap: butt; }
  .sign { inline-size: 1em; block-size: 1em; }
  .title { color: var(--_accent); font-weight: 700; }
  .name, .when { color: var(--_soft); }
  .unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .pending { color: var(--_soft); }

  .mark { display: inline-flex; color: var(--_soft); }
  .mark.verified, .mark.passed { color: var(--_verified); }
  .mark.failed { color: var(--_failed); }
  .halves { display: grid; gap: 0.75rem 1.5rem; }
  .half { display: flex; gap: 0.75rem; font-size: 0.875rem; }
  .half .mark { flex: none; align-items: center; justify-content: center; inline-size: 1.5rem; block-size: 1.5rem; border: 1px solid currentColor; border-radius: 50%; font-size: 0.875rem; }
  .half b { display: block; }
  .half bdi { color: var(--_soft); }

  .section > h3 { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0.25rem 1rem; margin-block-end: 0.625rem; font-weight: 700; }
  .legend { display: flex; gap: 1rem; color: var(--_soft); font-weight: 400; font-size: 0.75rem; }
  .legend span { display: inline-flex; align-items: center; gap: 0.375rem; }
  .sentences li { position: relative; padding-inline-start: 1.125rem; font-size: 0.875rem; }
  .sentences li + li { margin-block-start: 0.375rem; }
  .sentences li::before { content: ""; position: absolute; inset-inline-start: 0; inset-block-start: 0.68em; inline-size: 0.5rem; border-block-start: 2px solid var(--_line); }
  .reasons li, .notes li { padding: 0.75rem 1rem; border-inline-start: 3px solid var(--_accent); background: var(--_tint); font-size: 0.875rem; }
  .reasons li + li, .notes li + li { margin-block-start: 0.5rem; }
  .reasons .hint { margin-block-start: 0.25rem; }
  code, .code { font-family: ui-monospace, monospace; font-size: 0.8125rem; }
  .reasons code { display: inline-block; margin-block-start: 0.25rem; color: var(--_soft); }

  .facts > div { display: grid; grid-template-columns: minmax(7rem, 10rem) 1fr; gap: 0 1rem; padding-block: 0.4375rem; border-block-start: 1px solid var(--_line); font-size: 0.875rem; }
  .facts > div:first-child { border-block-start: 0; }
  .facts dt { color: var(--_soft); overflow-wrap: anywhere; }
  .facts dd { display: flex; align-items: baseline; gap: 0.5rem; min-inline-size: 0; }
  .facts .value { flex: 1; min-inline-size: 0; }
  .facts .mark { position: relative; inset-block-start: 0.125em; flex: none; }
  .only > .value, .claimed { font-style: italic; }
  .copy, .close { display: inline-flex; align-items: center; gap: 0.375rem; padding: 0.125rem 0.5rem; border: 1px solid var(--_line); border-radius: 0.375rem; background: none; font-size: 0.75rem; }
  .copy:hover, .close:hover { border-color: currentColor; }
  @media (pointer: coarse) { .copy { min-block-size: 2rem; } }
`;
