import type { Pattern } from "../../options.js";
import { longestPattern } from "../argument.js";
import type { Entry, Source } from "./source.js";

const bytes = /* @__PURE__ */ new TextEncoder();

/**
 * A regular expression of Go that its source looks for anywhere in a text. Ours must match the whole text, and so
 * matches less; a note says so unless the expression is anchored already.
 *
 * @returns `undefined`, with the reason listed, when the two engines might not read it in the same way.
 */
export function goRegex(source: Source, of: Entry): Pattern | undefined {
  const regex = source.text(of);
  if (regex === undefined) return undefined;
  if (!isCommonRegex(regex) || bytes.encode(regex).length > longestPattern) {
    source.note(
      of,
      "regular expression",
      "left out, with whom it is about: it is none, or uses syntax that engines read differently, or is too long",
    );
    return undefined;
  }
  if (!(/^(?:\^|\.\*)/u.test(regex) && /(?:[^\\]\$|\.\*)$/u.test(regex) && !regex.includes("|"))) {
    source.note(
      of,
      "unanchored regular expression",
      "the source looks for it anywhere in the text; here it must match the whole text: write `.*` where more may stand",
    );
  }
  return { regex };
}

/**
 * A text with Kyverno's wildcards. Its `*` goes over slashes, as our `**` does; its `?` may stand for a slash or for
 * nothing, where ours stands for one other character.
 */
export function kyvernoWildcard(source: Source, of: Entry): Pattern | undefined {
  const text = source.text(of);
  if (text === undefined) return undefined;
  if (text.includes("{{")) {
    source.note(of, "variable", "left out, with whom it is about: its value is known to the cluster only");
    return undefined;
  }
  if (!/[*?]/u.test(text)) return text;
  const glob = text.replace(/\*+/gu, "**");
  if (bytes.encode(glob).length > longestPattern) {
    source.note(of, "wildcard", `left out, with whom it is about: it is longer than ${longestPattern} bytes`);
    return undefined;
  }
  if (text.includes("?"))
    source.note(of, "wildcard `?`", "the source lets it stand for `/` and for nothing too; here it is one other character");
  return { glob };
}

/**
 * Whether a text is a regular expression of Go that our engine takes for the same, or for less: groups, alternatives,
 * classes, repetitions, the escapes that both know, and the flags i, m, s and U.
 */
export function isCommonRegex(regex: string): boolean {
  let depth = 0;
  let rest = regex;
  // Whether there is something before that can be repeated.
  let atom = false;
  // Folding differs outside of ASCII, which a negated class would turn into matching more.
  if (/\(\?[a-zA-Z]*i/u.test(regex) && /\[\^|\\[DSW]/u.test(regex)) return false;
  while (rest !== "") {
    const token = tokens.find(({ shape }) => shape.test(rest));
    if (token === undefined) return false;
    const [found] = token.shape.exec(rest) ?? [""];
    if (token.kind === "repeat") {
      if (!atom || !repeats(found)) return false;
      atom = false;
    } else if (token.kind === "open") {
      depth += 1;
      atom = false;
    } else if (token.kind === "close") {
      depth -= 1;
      if (depth < 0) return false;
      atom = true;
    } else {
      atom = token.kind === "atom";
    }
    rest = rest.slice(found.length);
  }
  return depth === 0;
}

const classItem = String.raw`(?:\\[dDwW.*+?^$(){}|\[\]\\/@:_~%&#=!,;'"-]|\[:[a-z]+:\]|[^\[\]\\&~-]|-(?!-)|&(?!&)|~(?!~))`;

const tokens: readonly { readonly kind: "repeat" | "open" | "close" | "atom" | "other"; readonly shape: RegExp }[] = [
  { kind: "repeat", shape: /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/u },
  { kind: "open", shape: /^\((?:\?:|\?[imsU]+:|\?P?<[A-Za-z_][A-Za-z0-9_]*>|(?!\?))/u },
  { kind: "other", shape: /^\(\?[imsU]+\)/u },
  { kind: "close", shape: /^\)/u },
  { kind: "other", shape: /^(?:[|^$]|\\[AzbB])/u },
  { kind: "atom", shape: /^\\[dDwWS.*+?^$(){}|[\]\\/@:_~%&#=!,;'"-]/u },
  { kind: "atom", shape: new RegExp(`^\\[\\^?\\]?${classItem}+\\]`, "u") },
  { kind: "atom", shape: /^\[\^?\]\]/u },
  { kind: "atom", shape: /^[^*+?{}()[\]|^$\\]/u },
];

/** Go takes up to a thousand repetitions, and no range backwards. */
function repeats(found: string): boolean {
  const [, low, high] = /^\{(\d+)(?:,(\d*))?\}/u.exec(found) ?? [];
  if (low === undefined) return true;
  return Number(low) <= 1000 && (high === undefined || high === "" || (Number(high) <= 1000 && Number(low) <= Number(high)));
}
