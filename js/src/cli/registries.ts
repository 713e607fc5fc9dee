import { formatFlags, formatHelp } from "./format.js";

/** What `--help` says of the flags of every command that asks a registry. */
export const commonHelp = `\
  --policy FILE        a policy (JSON): which evidence is enough, by whom
  --now TIME           the present, as RFC 3339; the clock's unless given
  --offline DIR        ask nobody: answer from what admissible download saved in this folder
  --trusted-root FILE  a trusted root in place of the embedded one
${formatHelp(21)}  --help               this text

exit codes: 0 verified (also for what the policy excepts or only warns of, and the first line says so), 1 not verified: refused, none
found, or not to be had; 2 wrong use
`;

/** These flags. */
export const commonFlags = {
  repo: { type: "string" },
  policy: { type: "string" },
  now: { type: "string" },
  offline: { type: "string" },
  "trusted-root": { type: "string" },
  ...formatFlags,
  help: { type: "boolean", short: "h" },
} as const;

/** GitHub's token, from where its own programs take it. */
export function token(): { readonly token?: string } {
  const found = process.env["GH_TOKEN"] ?? process.env["GITHUB_TOKEN"];
  return found === undefined || found === "" ? {} : { token: found };
}

/** A command as it can be typed; a flag without a value is left out, with its name. */
export function command(...words: readonly (string | undefined)[]): string {
  const there = words.filter((word, at) => word !== undefined && !(word.startsWith("--") && at + 1 < words.length && words[at + 1] === undefined));
  return ["admissible", ...there].map((word) => shellWord(String(word))).join(" ");
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./…-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
