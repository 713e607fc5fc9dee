import type { SyntaxNode } from "@lezer/common";

/** Where the cursor is in a document: the path of the value around it, and of what kind that place is. */
export interface Place {
  readonly path: readonly (string | number)[];
  readonly kind: "key" | "value";
  /** The text that is being written, to be replaced. */
  readonly from: number;
  readonly to: number;
  /** The keys that the object has already. */
  readonly taken: readonly string[];
}

/** How a part of the document is read. */
export type Text = (from: number, to: number) => string;

/** The place of the cursor; `undefined` where nothing can be said. */
export function placeAt(node: SyntaxNode, position: number, text: Text): Place | undefined {
  // Within a key, or a value that is a word: that is what is replaced.
  const word = /^(?:PropertyName|String|True|False|Null|Number|⚠)$/u.test(node.name) && node.from < position ? node : undefined;
  const parent = word?.name === "PropertyName" ? word.parent?.parent : word?.parent;
  const around = word !== undefined ? parent : /^[[\]{}]$/u.test(node.name) ? node.parent : node;
  const [from, to] = word === undefined ? [position, position] : [word.from, Math.max(word.to, position)];
  if (around === null || around === undefined) return undefined;
  if (word?.name === "PropertyName" || (around.name === "Object" && !isAfterColon(text, around, from))) {
    const object = around.name === "Object" ? around : around.parent;
    return object?.name !== "Object" ? undefined : { path: pathOf(object, text), kind: "key", from, to, taken: keysOf(object, text) };
  }
  if (around.name === "Property") return { path: pathOf(around, text), kind: "value", from, to, taken: [] };
  if (around.name === "Object") return { path: [...pathOf(around, text), lastKey(around, from, text)], kind: "value", from, to, taken: [] };
  if (around.name === "Array") return { path: [...pathOf(around, text), 0], kind: "value", from, to, taken: [] };
  return undefined;
}

/** Where in the document a JSON pointer leads; as far as the document has it. */
export function placeOf(top: SyntaxNode, pointer: string, text: Text): { readonly from: number; readonly to: number } {
  let node = valueIn(top) ?? top;
  for (const token of pointer.split("/").slice(1).map((part) => part.replace(/~1/gu, "/").replace(/~0/gu, "~"))) {
    const parts = children(node);
    const isMeant = (part: SyntaxNode): boolean => part.name === "Property" && keyOf(part, text) === token;
    const next = node.name === "Array" ? parts.filter(isValue)[Number(token)] : parts.find(isMeant);
    if (next === undefined) break;
    node = next.name === "Property" ? (children(next).find(isValue) ?? next) : next;
  }
  // Of a whole object its beginning will do.
  return { from: node.from, to: /^(?:Object|Array|JsonText)$/u.test(node.name) ? Math.min(node.to, node.from + 1) : node.to };
}

function pathOf(node: SyntaxNode, text: Text): (string | number)[] {
  const path: (string | number)[] = [];
  for (let child = node, { parent } = node; parent !== null; child = parent, { parent } = parent) {
    if (child.name === "Property") path.unshift(keyOf(child, text));
    else if (parent.name === "Array") path.unshift(children(parent).filter(isValue).findIndex((item) => item.from === child.from));
  }
  return path;
}

function isAfterColon(text: Text, object: SyntaxNode, position: number): boolean {
  return /:\s*$/u.test(text(object.from, position));
}

function lastKey(object: SyntaxNode, position: number, text: Text): string {
  const last = children(object).filter((child) => child.name === "Property" && child.from < position).at(-1);
  return last === undefined ? "" : keyOf(last, text);
}

function keysOf(object: SyntaxNode, text: Text): readonly string[] {
  return children(object).filter(({ name }) => name === "Property").map((property) => keyOf(property, text));
}

function keyOf(property: SyntaxNode, text: Text): string {
  const name = property.getChild("PropertyName");
  return name === null ? "" : text(name.from, name.to).replace(/^"|"$/gu, "");
}

function children(node: SyntaxNode): SyntaxNode[] {
  const list: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) list.push(child);
  return list;
}

function valueIn(top: SyntaxNode): SyntaxNode | undefined {
  return children(top).find(isValue);
}

function isValue({ name }: SyntaxNode): boolean {
  return /^(?:Object|Array|String|Number|True|False|Null)$/u.test(name);
}
