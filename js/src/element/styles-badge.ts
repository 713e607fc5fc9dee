import { css } from "../vendor/lit/index.js";

/** The badge and its details. These stand at the badge, or where there is little room or a browser knows no anchors, at the lower edge or in the middle. */
export const badgeStyles = css`
  :host { display: inline-block; vertical-align: middle; }
  .badge { display: inline-grid; grid-template-columns: auto minmax(0, max-content) auto; align-items: center; gap: 0.625rem; max-inline-size: min(100%, 30rem); padding-block: 0.4375rem; padding-inline: 0.625rem 0.75rem; border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_ground); color: var(--_ink); line-height: 1.35; }
  .badge:hover { border-color: var(--_accent); }
  .badge:focus-visible { border-radius: var(--_radius); }
  .badge .symbol { inline-size: 1.75rem; block-size: 1.75rem; }
  .badge .words { display: block; min-inline-size: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .badge .claim { display: block; overflow: hidden; text-overflow: ellipsis; color: var(--_soft); font-size: 0.8125rem; }

  .details { inline-size: min(30rem, 100vi - 2rem); max-block-size: min(40rem, 100dvb - 2rem); padding: 1.25rem; border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_ground); color: var(--_ink); box-shadow: 0 0.5rem 2rem rgb(0 0 0 / 0.18); overflow: auto; overscroll-behavior: contain; scrollbar-width: thin; scrollbar-color: var(--_soft) var(--_ground); }
  .details:focus-visible { outline: none; }
  @supports (position-area: block-end) {
    @media (width > 32rem) {
      .badge { anchor-name: --badge; }
      .details { position-anchor: --badge; position-area: block-end span-inline-end; inset: auto; inline-size: min(30rem, 100% - 0.5rem); max-block-size: min(40rem, 100% - 0.75rem); margin: 0.375rem 0; }
      .details.before { position-area: block-end span-inline-start; }
      .details.above { position-area: block-start span-inline-end; }
      .details.above.before { position-area: block-start span-inline-start; }
    }
  }
  .head { display: flex; align-items: start; gap: 0.75rem; }
  .head .symbol { inline-size: 2.25rem; block-size: 2.25rem; }
  .head > div { flex: 1; min-inline-size: 0; }
  .head .title { font-size: 1.125rem; line-height: 1.3; }
  .more { display: inline-flex; color: var(--_soft); font-size: 0.875rem; }
  .close { padding: 0.4375rem; font-size: 1rem; border-color: transparent; }
  .details > .claim { margin-block: 0.75rem 1rem; font-size: 1rem; }
  .details > .section { margin-block-start: 1rem; padding-block-start: 1rem; border-block-start: 1px solid var(--_line); }
  .details .facts > div { grid-template-columns: 6.5rem 1fr; padding-block: 0.3125rem; border: 0; }
  @media (width <= 32rem) {
    .details { inset: auto 0 0; inline-size: 100%; max-inline-size: none; max-block-size: 85dvb; margin: 0; border-width: 1px 0 0; border-end-start-radius: 0; border-end-end-radius: 0; }
    .details .facts > div { grid-template-columns: 5rem 1fr; gap: 0 0.5rem; }
  }
`;
