// Tables for a terminal, with medians, and for the documentation, which has ratios only.

import { ratio } from "./measure.mjs";

/** Two digits, or what there is before the point. */
const times = (number) => (number >= 99.5 ? Math.round(number).toLocaleString("en") : number.toFixed(number >= 9.95 ? 0 : number >= 1 ? 1 : 2));

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
        return at === 0 ? String(median) : `${median} = ${times(ratio(table, line, name))}×`;
      });
      lines.push([line.row.padEnd(long), String(line.runs).padStart(8), ...cells.map((cell) => cell.padStart(wide))].join(""));
    }
    if (table.facts !== undefined) lines.push(...table.facts.map((fact) => `  ${fact}`));
  }
  return `${lines.filter((text) => text !== undefined).join("\n")}\n`;
}

/** The text with each table between `<!-- bench:part -->` and `<!-- /bench -->` made anew from what was measured; others are left as they are. */
export function documented(text, { parts }) {
  return text.replaceAll(/(<!-- bench:(\w+) -->\n).*?(<!-- \/bench -->)/gsu, (all, begin, name, end) => {
    const part = parts[name];
    return part === undefined || part.isQuick ? all : `${begin}${markdown(part)}${end}`;
  });
}

function markdown({ machine, note, tables }) {
  const made = tables.map((table) => {
    const { title, variants, rows, facts = [] } = table;
    const [base, ...others] = variants;
    const list = facts.map((fact) => `- ${fact}\n`).join("");
    if (others.length === 0) return list;
    const head = `| ${[title, "runs", ...others].join(" | ")} |\n|${"---|".repeat(others.length + 2)}`;
    const body = rows.map((line) => {
      const cells = others.map((name) => (line.medians[name] === undefined ? "" : `${times(ratio(table, line, name))}×`));
      return `| ${[line.row, line.runs.toLocaleString("en"), ...cells].join(" | ")} |`;
    });
    return `Times as long as \`${base}\`:\n\n${head}\n${body.join("\n")}\n\n${list}${list && "\n"}`;
  });
  const where = `Node.js ${machine.node.replace(/^v/u, "")}, ${machine.processor}, ${machine.cores} cores.`;
  return `${made.join("").trimEnd()}\n\n${[where, note].filter(Boolean).join(" ")}\n`;
}
