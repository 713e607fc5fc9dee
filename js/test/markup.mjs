// A reader of markup that takes no more than what badges are to be made of: what a lenient one would make something of is an error.

const opening = /<(?<name>[a-z][a-z0-9]*)(?<attributes>(?: [a-zA-Z:-]+="[^"<>]*")*)(?<closed>\/?)>/uy;
const closing = /<\/(?<name>[a-z][a-z0-9]*)>/uy;
const words = /[^<>]+/uy;
const empty = new Set(["br"]);

/** Text without its references; one that is none is an error, and so is a character that XML does not have. */
function unescaped(text) {
  if (/&(?!#\d+;)|[\u{0}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{d800}-\u{dfff}\u{fffe}\u{ffff}]/u.test(text)) throw new Error(`bad text: ${text.slice(0, 80)}`);
  return text.replace(/&#(\d+);/gu, (_, code) => String.fromCodePoint(Number(code)));
}

/** Every element in order, each with its attributes, its depth and the text in it. */
export function elements(markup) {
  const found = [];
  const open = [];
  let at = 0;
  const next = (pattern) => {
    pattern.lastIndex = at;
    const match = pattern.exec(markup);
    if (match !== null) at = pattern.lastIndex;
    return match?.groups ?? match;
  };
  while (at < markup.length) {
    let token;
    if ((token = next(opening)) !== null) {
      const { name, attributes, closed } = token;
      const pairs = [...attributes.matchAll(/ ([a-zA-Z:-]+)="([^"]*)"/gu)].map(([, key, value]) => [key, unescaped(value)]);
      if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw new Error(`an attribute twice in ${name}`);
      const element = { name, attributes: Object.fromEntries(pairs), depth: open.length, text: "" };
      found.push(element);
      if (empty.has(name) !== (closed !== "") && closed === "") throw new Error(`${name} is not closed`);
      if (closed === "") open.push(element);
    } else if ((token = next(closing)) !== null) {
      if (open.pop()?.name !== token.name) throw new Error(`</${token.name}> closes another element`);
    } else if ((token = next(words)) !== null) {
      if (open.length === 0 && token[0].trim() !== "") throw new Error("text outside of all elements");
      if (open.length > 0) open.at(-1).text += unescaped(token[0]);
    } else throw new Error(`no markup at ${markup.slice(at, at + 80)}`);
  }
  if (open.length > 0) throw new Error(`${open.at(-1).name} is left open`);
  return found;
}
