/** What no document of XML may hold (XML 1.0 §2.2), and so no SVG. */
const illegal = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** Text of anybody's as text of a page or a picture, also within quotes, and as nothing else. */
export function text(value: string): string {
  return value.replace(illegal, "\u{fffd}").replace(/[&<>"'`]/gu, (character) => `&#${String(character.charCodeAt(0))};`);
}
