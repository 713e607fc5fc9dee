/** Widths of Arial's characters from U+0020 to U+007E, in thousandths of the size; Helvetica and Liberation Sans have the same. */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778,
  722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
  556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/** Of any letter above. */
const wide = 620;
/** Of ideographs, emoji and the like. */
const widest = 1000;
/** Bold letters are wider by so much. */
const bolder = 1.08;

/** How text is drawn. */
export interface Font {
  readonly size: number;
  readonly bold?: boolean;
}

/** How wide a text is in Arial. */
export function widthOf(text: string, { size, bold = false }: Font): number {
  let sum = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    sum += widths[code - 0x20] ?? (code < 0x2e80 ? wide : widest);
  }
  return (sum * size * (bold ? bolder : 1)) / 1000;
}

/** How wide it may be in another font: DejaVu Sans and Verdana, where there is no Arial, are wider by so much. */
export function roomFor(text: string, font: Font): number {
  return widthOf(text, font) * 1.19;
}

/** Text in lines of at most a width; what is left after the last line is cut. Words that fill more than a line are broken. */
export function wrap(text: string, width: number, font: Font, most: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/u).flatMap((each) => pieces(each, width, font))) {
    const joined = line === "" ? word.text : `${line}${word.starts ? " " : ""}${word.text}`;
    if (roomFor(joined, font) <= width) line = joined;
    else {
      lines.push(line);
      line = word.text;
    }
    if (lines.length > most) break;
  }
  if (line !== "") lines.push(line);
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), cut(`${lines[most - 1] ?? ""}…`, width, font)];
}

/** Text on one line. */
export function cut(text: string, width: number, font: Font): string {
  if (roomFor(text, font) <= width) return text;
  const characters = Array.from(text.slice(0, 4 * width));
  while (characters.length > 0 && roomFor(`${characters.join("")}…`, font) > width) characters.pop();
  return `${characters.join("").replace(/…$/u, "")}…`;
}

/** A word, in pieces that each fit a line: broken where a path is, else anywhere. */
function pieces(word: string, width: number, font: Font): { readonly text: string; readonly starts: boolean }[] {
  const found: { text: string; starts: boolean }[] = [];
  let piece = "";
  const end = (): void => void (piece !== "" && found.push({ text: piece, starts: found.length === 0 }));
  if (roomFor(word, font) <= width) return word === "" ? [] : [{ text: word, starts: true }];
  for (const part of word.slice(0, 20 * width).split(/(?<=[/@:])/u).flatMap((each) => (roomFor(each, font) <= width ? [each] : Array.from(each)))) {
    if (roomFor(piece + part, font) > width) {
      end();
      piece = "";
    }
    piece += part;
  }
  end();
  return found;
}
