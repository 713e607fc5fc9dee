// What the elements use of Lit; `cargo xtask build` bundles it into dist/vendor/lit.

export { adoptStyles, css, html, LitElement, nothing, svg, unsafeCSS } from "lit";
export type { PropertyDeclarations, PropertyValues, TemplateResult } from "lit";
export { classMap } from "lit/directives/class-map.js";
