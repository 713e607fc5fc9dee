import type { Badge } from "admissible/badge";

type SvgChild = SVGElement | string | undefined;

/** Wide enough for a phone; a larger screen shows it larger. */
const width = 360;
/** How many characters fit beside a symbol. */
const line = 44;

/** The chain from the source to the artifact, as the evidence tells it. */
export function chain({ custody }: Badge): SVGSVGElement {
  let y = 20;
  const links = custody.flatMap(({ label, text, when }, index): SVGElement[] => {
    const top = y;
    const lines = [...wrapped(text, 3).map((each) => ["picture-text", each] as const), ...wrapped(when ?? "", 2).map((each) => ["picture-faint", each] as const)];
    y += 34 + lines.length * 17;
    const end = index === custody.length - 1 ? undefined : s("line", { class: "picture-line", x1: 20, y1: top + 12, x2: 20, y2: y - 12 });
    return [
      ...(end === undefined ? [] : [end]),
      s("circle", { class: "picture-dot", cx: 20, cy: top, r: 12 }),
      s("text", { class: "picture-number", x: 20, y: top + 4.5, "text-anchor": "middle" }, String(index + 1)),
      s("text", { class: "picture-label", x: 44, y: top + 5 }, label),
      ...lines.map(([kind, each], row) => s("text", { class: kind, x: 44, y: top + 23 + row * 17 }, each)),
    ];
  });
  return picture(y - 8, `The chain from source to artifact: ${custody.map(({ label, text, when }) => `${label}: ${text}${when === undefined ? "" : `, ${when}`}`).join("; ")}.`, links);
}

/** What is in a bundle, each part with what it says here. */
export function anatomy(badge: Badge): SVGSVGElement {
  const fact = (key: string): string => badge.facts.find((one) => one.key === key)?.value ?? "";
  const row = (check: string, label: string): string => badge.checks.find(({ id }) => id === check)?.rows.find((one) => one.label === label)?.value ?? "";
  const parts = [
    ["What was said: the statement", `About ${row("statement", "About")}: built from ${fact("source")}`],
    ["Sealed by: the signature", `By ${row("signature", "Algorithm")}, over the statement`],
    ["Who said it: the certificate", fact("signer")],
    ["Where all can see it: the log entry", `Entry ${fact("log")}`],
    ["When: the word of the log", row("signing-time", "Time")],
  ].map(([label = "", text = ""]) => ({ label, lines: wrapped(text, 3) }));
  let y = 40;
  const boxes = parts.flatMap(({ label, lines }): SVGElement[] => {
    const [top, height] = [y, 34 + lines.length * 17];
    y += height + 10;
    return [
      s("rect", { class: "picture-box", x: 14, y: top, width: width - 28, height, rx: 8 }),
      s("text", { class: "picture-label", x: 26, y: top + 21 }, label),
      ...lines.map((each, index) => s("text", { class: "picture-text", x: 26, y: top + 40 + index * 17 }, each)),
    ];
  });
  return picture(y + 6, `A bundle and its parts. ${parts.map(({ label, lines }) => `${label}: ${lines.join(" ")}`).join(". ")}.`, [
    s("rect", { class: "picture-bundle", x: 1, y: 1, width: width - 2, height: y + 3, rx: 12 }),
    s("text", { class: "picture-label", x: 16, y: 26 }, "One bundle, one file"),
    ...boxes,
  ]);
}

function picture(height: number, label: string, content: readonly SVGElement[]): SVGSVGElement {
  return s("svg", { class: "picture", viewBox: `0 0 ${String(width)} ${String(height)}`, role: "img", "aria-label": label }, ...content);
}

/** In lines that fit; addresses are broken behind what separates their parts, and what is left after the last line is cut. */
function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest !== "" && lines.length < most) {
    if (rest.length <= line) {
      lines.push(rest);
      return lines;
    }
    const begin = rest.slice(0, line);
    const at = Math.max(begin.lastIndexOf(" "), begin.lastIndexOf("/"), begin.lastIndexOf("@"));
    const cut = at > line / 3 ? at + 1 : line;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = rest.slice(cut).trimStart();
  }
  if (rest !== "") lines.push(`${(lines.pop() ?? "").slice(0, line - 1)}…`);
  return lines;
}

function s<Name extends keyof SVGElementTagNameMap>(name: Name, attributes: Readonly<Record<string, string | number>>, ...children: readonly SvgChild[]): SVGElementTagNameMap[Name] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  for (const child of children) if (child !== undefined) element.append(child);
  return element;
}
