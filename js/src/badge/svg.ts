import { text } from "../markup.js";
import { dark, light, type Theme } from "./colours.js";
import { cut, roomFor, widthOf, wrap, type Font } from "./layout.js";
import { badgeStates, type Badge, type BadgeLineState, type BadgeState } from "./model.js";
import { symbolOf, symbolPaths } from "./symbols.js";

/** How a picture looks. */
export interface BadgeSvgOptions {
  /** `auto`, unless stated: what whoever looks at it prefers. */
  readonly theme?: "light" | "dark" | "auto";
  /** `card`, unless stated: the claim, and integrity apart from provenance. `compact` is one line, for a row of badges: what the artifact is called and who signed, or the claim. */
  readonly style?: "card" | "compact";
}

const family = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif";
const cardWidth = 560;
const margin = 20;
/** Where text begins on a card. */
const indent = 76;
const body: Font = { size: 14 };
const small: Font = { size: 12 };
const strong: Font = { size: 12, bold: true };
const heading: Font = { size: 19, bold: true };
const compactFont: Font = { size: 12, bold: true };

/**
 * A badge as a picture (SVG) for a README, a page or a mail: no script, nothing that is loaded, laid out without a DOM. As an image nobody can follow its
 * links, so it has none. A picture proves nothing, for anybody can draw one: let it lead to where the evidence can be verified.
 */
export function badgeSvg(badge: Badge, { theme = "auto", style = "card" }: BadgeSvgOptions = {}): string {
  const state = badgeStates.find((known) => known === badge.state);
  if (state === undefined) throw new TypeError("expected a badge, found an unknown state");
  const paint = new Paint(theme, state);
  return style === "compact" ? compact(badge, paint) : card(badge, paint);
}

/** Colours as attributes, which hold where no style sheet is let in; `auto` has the dark ones in a style sheet beside. */
class Paint {
  readonly #auto: boolean;
  readonly #theme: Theme;
  readonly state: BadgeState;

  constructor(theme: "light" | "dark" | "auto", state: BadgeState) {
    this.#auto = theme === "auto";
    this.#theme = theme === "dark" ? dark : light;
    this.state = state;
  }

  /** An attribute with the colour of a role. */
  set(attribute: "fill" | "stroke", role: Role): string {
    const colour = role === "accent" ? this.#theme.accent[this.state] : this.#theme[role];
    return `${attribute}="${colour}"${this.#auto ? ` class="${this.#name(attribute, role)}"` : ""}`;
  }

  /** The style sheet: its names tell the state too, for several pictures may stand on one page. */
  sheet(): string {
    if (!this.#auto) return "";
    const rules = (["fill", "stroke"] as const).flatMap((attribute) =>
      (["ground", "ink", "soft", "line", "accent"] as const).map((role) => `.${this.#name(attribute, role)}{${attribute}:${role === "accent" ? dark.accent[this.state] : dark[role]}}`),
    );
    return `<style>@media (prefers-color-scheme: dark){${rules.join("")}}</style>`;
  }

  #name(attribute: string, role: Role): string {
    return `adm-${attribute}-${role === "accent" ? `accent-${this.state}` : role}`;
  }
}

type Role = "ground" | "ink" | "soft" | "line" | "accent";

function card(badge: Badge, paint: Paint): string {
  const inner = cardWidth - indent - margin;
  const parts: string[] = [];
  let y = 40;
  const line = (words: string, font: Font, role: Role, x: number, step: number): void => {
    const weight = font.bold === true ? ' font-weight="700"' : "";
    parts.push(`<text x="${String(x)}" y="${String(y)}" ${paint.set("fill", role)} font-size="${String(font.size)}"${weight}>${text(words)}</text>`);
    y += step;
  };
  line(cut(badge.title, inner, heading), heading, "accent", indent, 20);
  if (badge.name !== undefined) line(cut(badge.name, inner, small), small, "soft", indent, 22);
  else y += 4;
  for (const words of wrap(badge.claim, inner, body, 3)) line(words, body, "ink", indent, 20);
  y += 2;
  parts.push(`<path d="M${String(margin)} ${String(y - 8)}H${String(cardWidth - margin)}" ${paint.set("stroke", "line")} fill="none"/>`);
  y += 14;
  const column = Math.max(...[badge.headings.integrity, badge.headings.provenance].map((word) => roomFor(word, strong)));
  for (const [label, half] of [[badge.headings.integrity, badge.integrity], [badge.headings.provenance, badge.provenance]] as const) {
    parts.push(glyph(half.state, margin + 30, y - 4, paint));
    const [first = "", ...rest] = wrap(half.text, inner - column - 12, small, 2);
    const x = indent + Math.ceil(column) + 12;
    line(label, strong, "ink", indent, 0);
    for (const words of [first, ...rest]) line(words, small, "soft", x, 17);
    y += 3;
  }
  y += 4;
  const told = badge.reasons[0]?.message ?? badge.notes[0] ?? `${badge.headings.limits}: ${badge.doesNotProve[0] ?? ""}`;
  for (const words of wrap(told, cardWidth - 2 * margin, small, 2)) line(words, small, "soft", margin, 17);
  return picture(badge, paint, cardWidth, y, [frame(cardWidth, y, 10, paint), symbol(margin, 20, 40, paint), ...parts]);
}

function compact(badge: Badge, paint: Paint): string {
  const word = cut(badge.mark.word, 200, compactFont);
  const signer = badge.name === undefined ? undefined : badge.facts.find(({ key }) => key === "signer");
  const said = cut(badge.name ?? badge.claim, signer === undefined ? 320 : 220, small);
  const by = signer === undefined ? "" : cut(`${signer.label}: ${signer.value.replace(/^https:\/\//u, "")}`, 260, small);
  const [first, second, third] = [Math.ceil(widthOf(word, compactFont)), Math.ceil(widthOf(said, small)), Math.ceil(widthOf(by, small))];
  const at = 34 + first + 12 + second + 12;
  const width = by === "" ? at : at + third + 12;
  // Another font than was measured must not run out of the picture.
  const fitted = (value: number): string => `textLength="${String(value)}" lengthAdjust="spacingAndGlyphs"`;
  return picture(badge, paint, width, 28, [
    frame(width, 28, 6, paint),
    symbol(8, 5, 18, paint),
    `<text x="34" y="18.5" ${paint.set("fill", "accent")} font-size="12" font-weight="700" ${fitted(first)}>${text(word)}</text>`,
    `<text x="${String(34 + first + 12)}" y="18.5" ${paint.set("fill", "ink")} font-size="12" ${fitted(second)}>${text(said)}</text>`,
    ...(by === "" ? [] : [`<text x="${String(at)}" y="18.5" ${paint.set("fill", "soft")} font-size="12" ${fitted(third)}>${text(by)}</text>`]),
  ]);
}

function picture(badge: Badge, paint: Paint, width: number, height: number, parts: readonly string[]): string {
  const { integrity, provenance, notes, reasons, headings, doesNotProve } = badge;
  const limits = `${headings.limits}: ${doesNotProve.join(" ")}`;
  const described = [integrity.text, provenance.text, ...notes, ...reasons.map(({ message }) => message), limits];
  const size = `width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}"`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${text(badge.aria)}" lang="${text(badge.language)}" font-family="${family}">`;
  return `${head}<title>${text(badge.aria)}</title><desc>${text(described.join("\n"))}</desc>${paint.sheet()}${parts.join("")}</svg>\n`;
}

function frame(width: number, height: number, radius: number, paint: Paint): string {
  // One class of an element is for one colour: so ground and border are two.
  const place = `x="0.5" y="0.5" width="${String(width - 1)}" height="${String(height - 1)}" rx="${String(radius)}"`;
  return `<rect ${place} ${paint.set("fill", "ground")}/><rect ${place} fill="none" ${paint.set("stroke", "line")}/>`;
}

function symbol(x: number, y: number, size: number, paint: Paint): string {
  const paths = symbolPaths(symbolOf[paint.state], (attribute, role) => paint.set(attribute, role));
  return `<g transform="translate(${String(x)} ${String(y)}) scale(${String(size / 24)})">${paths}</g>`;
}

/** A small sign for one half, by its shape too. */
const glyphs: Readonly<Record<BadgeLineState, string>> = {
  verified: "M-5 0.5l3.2 3.2 6.3-7",
  claimed: "M-5 1.5c2-4 4-4 5-1.5s3 2.5 5-1.5",
  absent: "M-4.5 0h9",
  failed: "M-4-4l8 8M4-4l-8 8",
  unknown: "M-4.5 0h.1M0 0h.1M4.5 0h.1",
};

function glyph(state: BadgeLineState, x: number, y: number, paint: Paint): string {
  const role = state === "verified" || state === "failed" ? "accent" : "soft";
  const place = `transform="translate(${String(x)} ${String(y)})" d="${Object.hasOwn(glyphs, state) ? glyphs[state] : glyphs.unknown}"`;
  return `<path ${place} fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" ${paint.set("stroke", role)}/>`;
}
