import { h } from "../frame/dom.js";

/** Says that what is here is made up. Every view that shows samples begins with it. */
export function madeUp(what: string): HTMLElement {
  return h("p", { class: "made-up" }, h("strong", {}, "Made up."), ` ${what} signed by this project’s test signer, which no verifier trusts by itself. They say nothing about anybody’s software.`);
}
