import type { BadgeState, BadgeSymbol } from "./model.js";

/** The parts of a symbol on a field of 24 by 24, as paths. */
export interface SymbolShape {
  /** Filled with the state's colour. */
  readonly solid?: string;
  /** Lines on what is filled, in the ground's colour. */
  readonly cut?: string;
  /** Lines in the state's colour. */
  readonly line?: string;
  /** The same, broken. */
  readonly dashed?: string;
}

const ring = "M12 2.8a9.2 9.2 0 1 1 0 18.4a9.2 9.2 0 1 1 0-18.4Z";

/** Each has an outline of its own, and is told apart without colour. */
export const symbolShapes: Readonly<Record<BadgeSymbol, SymbolShape>> = {
  "shield-check": { solid: "M12 1.5 21 4.8v6.6c0 5.2-3.7 9.3-9 11.1-5.3-1.8-9-5.9-9-11.1V4.8Z", cut: "M7.8 12l3 3 5.4-5.8" },
  "shield-note": { line: "M13.5 3.1 12 2.5 3.9 5.5v6c0 4.7 3.3 8.3 8.1 10 4.8-1.7 8.1-5.3 8.1-10V11M8 12.2l2.9 2.9 4.7-5", solid: "M19.2 1.6a3.4 3.4 0 1 1 0 6.8a3.4 3.4 0 1 1 0-6.8Z" },
  "diamond-exclamation": { solid: "M12 1 23 12 12 23 1 12Z", cut: "M12 7v6.2M12 16.7v.1" },
  "ring-question": { dashed: ring, line: "M9.4 9.7a2.6 2.6 0 1 1 3.7 2.3c-.8.4-1.1.9-1.1 1.8M12 16.7v.1" },
  "octagon-cross": { solid: "M7.5 1.2h9l6.3 6.3v9l-6.3 6.3h-9l-6.3-6.3v-9Z", cut: "M8.5 8.5l7 7M15.5 8.5l-7 7" },
  "ring-dash": { line: `${ring}M8 12h8` },
};

/** The symbol of a state. */
export const symbolOf: Readonly<Record<BadgeState, BadgeSymbol>> = {
  verified: "shield-check",
  "verified-with-notes": "shield-note",
  excepted: "diamond-exclamation",
  "could-not-verify": "ring-question",
  failed: "octagon-cross",
  "none-found": "ring-dash",
};

/** A symbol's paths; `paint` gives the attribute for a colour, that of the state or that of the ground. */
export function symbolPaths(symbol: BadgeSymbol, paint: (attribute: "fill" | "stroke", role: "accent" | "ground") => string): string {
  const { solid, cut, line, dashed } = symbolShapes[symbol];
  const stroke = 'fill="none" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  const paths = [
    solid && `<path d="${solid}" ${paint("fill", "accent")}/>`,
    cut && `<path d="${cut}" ${stroke} ${paint("stroke", "ground")}/>`,
    line && `<path d="${line}" ${stroke} ${paint("stroke", "accent")}/>`,
    dashed && `<path d="${dashed}" fill="none" stroke-width="2" stroke-dasharray="3.4 2.4" ${paint("stroke", "accent")}/>`,
  ];
  return paths.filter((path) => path !== undefined).join("");
}
