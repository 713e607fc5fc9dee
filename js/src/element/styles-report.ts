import { css } from "../vendor/lit/index.js";

/** The report: one column, in which what belongs together stands side by side where there is room. */
export const reportStyles = css`
  :host { display: block; container-type: inline-size; }
  .report { border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_ground); overflow: clip; }
  .report > * { padding-inline: 1.25rem; }
  .head { display: flex; align-items: start; gap: 1rem; padding-block: 1.5rem; background: var(--_tint); border-block-end: 1px solid var(--_line); }
  .head .symbol { inline-size: 3rem; block-size: 3rem; }
  .head .symbol .cut { stroke: var(--_tint); }
  .head > div { min-inline-size: 0; }
  .head .title { font-size: 1.5rem; line-height: 1.25; }
  .head .claim { margin-block-start: 0.375rem; font-size: 1.0625rem; }
  .report > .halves { padding-block: 1.25rem; }
  .report > .section, footer { padding-block: 1.25rem; border-block-start: 1px solid var(--_line); }
  .section > h3 { font-size: 1.0625rem; }

  .chain > li { position: relative; display: grid; grid-template-columns: minmax(0, 1fr); padding-block-end: 1rem; padding-inline-start: 1.75rem; font-size: 0.875rem; }
  .chain > li::before { content: ""; position: absolute; inset-block: 0.5em -0.5em; inset-inline-start: 0.375rem; border-inline-start: 2px solid var(--_line); }
  .chain > li:last-child::before { display: none; }
  .chain > li::after { content: ""; position: absolute; inset-block-start: 0.3125em; inset-inline-start: 0; inline-size: 0.875rem; block-size: 0.875rem; border: 3px solid var(--_verified); border-radius: 50%; background: var(--_ground); }
  .chain > li.only::after { border: 2px dashed var(--_soft); }
  .chain > li:last-child::after { background: var(--_verified); }
  .spans { margin-block-start: 0.25rem; padding: 1rem; border: 1px solid var(--_line); border-radius: calc(var(--_radius) * 0.75); font-size: 0.8125rem; }
  .spans figcaption { display: flex; justify-content: space-between; gap: 1rem; margin-block-end: 0.5rem; font-weight: 700; }
  .chart + .chart { margin-block-start: 0.75rem; padding-block-start: 0.75rem; border-block-start: 1px dashed var(--_line); }
  .span { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 1rem; padding-block: 0.25rem; }
  .span b { font-weight: 400; }
  .track { display: block; }
  .track:dir(rtl) { transform: scaleX(-1); }
  .axis { stroke: var(--_line); }
  .bar { fill: var(--_verified); stroke: none; opacity: 0.55; }
  .bar.only { fill: none; stroke: var(--_soft); stroke-width: 1.5; stroke-dasharray: 3 3; opacity: 1; }
  .moment { stroke: var(--_ink); stroke-width: 2; }

  .line { display: flex; align-items: baseline; gap: 0.625rem; padding-block: 0.5625rem; font-size: 0.875rem; }
  .line > .mark { position: relative; inset-block-start: 0.125em; }
  .line .what { flex: 1; min-inline-size: 0; }
  .line .what > span { color: var(--_soft); }
  .checks > li + li { border-block-start: 1px solid var(--_line); }
  .checks b, .chain b { font-weight: 600; }
  .word { flex: none; color: var(--_soft); font-size: 0.75rem; }
  .word.passed { color: var(--_verified); }
  .word.failed { color: var(--_failed); font-weight: 700; }
  summary { cursor: pointer; list-style: none; }
  summary::-webkit-details-marker { display: none; }
  .line::after { content: ""; flex: none; inline-size: 0.5rem; block-size: 0.5rem; margin-inline: 0.125rem 0.25rem; }
  summary.line::after { border: solid var(--_soft); border-width: 0 0 2px 2px; transform: rotate(-45deg) translate(1px, -2px); }
  details[open] > summary.line::after { transform: rotate(135deg) translate(1px, -2px); }
  @media (prefers-reduced-motion: no-preference) { summary.line::after { transition: transform 0.15s; } }
  .rows { padding-block-end: 0.75rem; padding-inline-start: 1.5rem; font-size: 0.8125rem; }
  .rows > div { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 1rem; padding-block: 0.1875rem; }
  .rows dt { color: var(--_soft); }
  .requirements li { padding-block: 0.3125rem; font-size: 0.875rem; }
  .requirements .mark { vertical-align: -0.125em; margin-inline-end: 0.375rem; }
  .requirements .requirements { padding-inline-start: 1.5rem; }
  footer { display: flex; justify-content: end; }

  @container (inline-size < 28rem) {
    .facts > div { grid-template-columns: minmax(0, 1fr); }
    .head .symbol { inline-size: 2.25rem; block-size: 2.25rem; }
    .head .title { font-size: 1.25rem; }
    .line b { display: block; }
  }
  @container (inline-size >= 40rem) {
    .report > * { padding-inline: 1.75rem; }
    .halves { grid-template-columns: 1fr 1fr; }
    .chain > li { grid-template-columns: 7rem minmax(0, 1fr); gap: 0 1rem; }
    .chain .when { grid-column: 2; }
    .span { grid-template-columns: 12rem 1fr; }
    .span .when { grid-column: 2; }
    .rows > div { grid-template-columns: 10rem minmax(0, 1fr); }
  }
  @container (inline-size >= 52rem) {
    .chain > li { grid-template-columns: 7rem minmax(0, 1fr) max-content; }
    .chain .when { grid-column: 3; }
  }
`;
