// Tables for a terminal, with medians, and for the documentation, which has ratios only.

import { aimed } from "./aims.mjs";
import { ratio, twoDigits } from "./measure.mjs";
import { saved } from "./sizes.mjs";

/** What a part found, for a person at a terminal. */
export function printed({ machine, isQuick, note, tables }) {
  const lines = [`Node ${machine.node}, ${machine.processor}, ${machine.cores} cores${isQuick ? "; a quick run, which says nothing" : ""}`, note];
  for (const table of tables) {
    const { title, unit, variants, rows } = table;
    const wide = Math.max(12, ...variants.map(({ length }) => length + 2));
    const long = Math.max(...rows.map(({ row }) => row.length));
    const head = ["".padEnd(long), "runs".padStart(8), ...variants.map((name) => name.padStart(wide))].join("");
    lines.push("", `${title}: medians in ${unit}${variants.length > 1 ? ", and how often the first fits into the others" : ""}`, head);
    for (const line of rows) {
      const cells = variants.map((name, at) => {
        const median = line.medians[name];
        if (median === undefined) return "";
        return at === 0 ? String(median) : `${median} = ${twoDigits(ratio(table, line, name))}×`;
      });
      lines.push([line.row.padEnd(long), String(line.runs).padStart(8), ...cells.map((cell) => cell.padStart(wide))].join(""));
    }
    if (table.facts !== undefined) lines.push(...table.facts.map((fact) => `  ${fact}`));
  }
  return `${lines.filter((text) => text !== undefined).join("\n")}\n`;
}

/**
 * The text with each table between `<!-- bench:part -->` and `<!-- /bench -->` made anew from what was measured; others are left as they are. The one of
 * `aims` is of all parts, and that of `features` of none.
 */
export function documented(text, results) {
  return text.replaceAll(/(<!-- bench:(\w+) -->\n).*?(<!-- \/bench -->)/gsu, (all, begin, name, end) => {
    if (name === "features") return `${begin}${listed(["Without", "", "saves, raw", "saves, brotli", "of all"], saved())}${end}`;
    if (name === "aims") return `${begin}${listed(["What", "aimed at", "found", "reached"], aimed(results))}${end}`;
    const part = results.parts[name];
    return part === undefined || part.isQuick ? all : `${begin}${markdown(part)}${end}`;
  });
}

/** A table of Markdown. */
function listed(head, rows) {
  const [first, ...others] = [head, ...rows].map((cells) => `| ${cells.join(" | ")} |\n`);
  return `${first}|${"---|".repeat(head.length)}\n${others.join("")}`;
}

function markdown({ machine, note, tables }) {
  const made = tables.map((table) => {
    const { title, variants, rows, facts = [] } = table;
    const [base, ...others] = variants;
    const list = facts.map((fact) => `- ${fact}\n`).join("");
    if (others.length === 0) return list;
    const body = rows.map((line) => {
      const cells = others.map((name) => (line.medians[name] === undefined ? "" : `${twoDigits(ratio(table, line, name))}×`));
      return [line.row, line.runs.toLocaleString("en"), ...cells];
    });
    return `Times as long as \`${base}\`:\n\n${listed([title, "runs", ...others], body)}\n${list}${list && "\n"}`;
  });
  const where = `Node.js ${machine.node.replace(/^v/u, "")}, ${machine.processor}, ${machine.cores} cores.`;
  return `${made.join("").trimEnd()}\n\n${[where, note].filter(Boolean).join(" ")}\n`;
}
