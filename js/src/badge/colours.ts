import type { BadgeState } from "./model.js";

/** The colours of one theme. All text has a contrast of 4.5 to 1 or more with the ground (WCAG 2.2 §1.4.3, AA); a test counts. */
export interface Theme {
  readonly ground: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly accent: Readonly<Record<BadgeState, string>>;
}

export const light: Theme = {
  ground: "#ffffff",
  ink: "#1b1f24",
  soft: "#57606a",
  line: "#d0d7de",
  accent: { verified: "#1a7f37", "verified-with-notes": "#0b6a88", excepted: "#8a5a00", "could-not-verify": "#57606a", failed: "#b3261e", "none-found": "#57606a" },
};

export const dark: Theme = {
  ground: "#161b22",
  ink: "#e6edf3",
  soft: "#9da7b3",
  line: "#3d444d",
  accent: { verified: "#56d37c", "verified-with-notes": "#6cc7e0", excepted: "#f0b849", "could-not-verify": "#9da7b3", failed: "#ff8a80", "none-found": "#9da7b3" },
};
