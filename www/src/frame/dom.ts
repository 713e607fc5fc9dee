/** What an element may be made of: text stays text, whatever is in it. */
export type Child = Node | string | undefined | false | readonly Child[];

/** Attributes, and by `on…` what listens. `false` and `undefined` leave an attribute out, `true` sets it without a value. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;

/** Makes an element. The page has no other way to, and none that reads markup. */
export function h<Name extends keyof HTMLElementTagNameMap>(name: Name, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.replace(/^on/u, ""), value as EventListener);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** Puts other children in place of those that are there. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === false) continue;
    if (typeof child === "string" || child instanceof Node) element.append(child);
    else append(element, child);
  }
}

/** A button that does something. */
export function button(label: string, attributes: Attributes, ...children: readonly Child[]): HTMLButtonElement {
  return h("button", { type: "button", ...attributes }, label, ...children);
}

/** A symbol of `index.html`, for the eye alone. */
export function icon(name: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

/** Untrusted text as it may be shown: what could reorder or hide others is spelt out, and what is too long is cut. */
export function shown(text: string, most = 300): string {
  const characters = Array.from(text.slice(0, 2 * most));
  const cut = characters.length > most || text.length > 2 * most ? `${characters.slice(0, most).join("")}…` : text;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
