// A verification, warm: at first sight, by verifiers that have seen others; and again, as on a page that shows a badge anew.

import { bundles, minted, note } from "../bundles.mjs";
import { clients } from "../clients.mjs";
import { Times, inTurn, timedAsync } from "../measure.mjs";

export const about = "one verification in a warm process, by kind of bundle";

export async function run({ quick, say }) {
  const all = [...bundles(), ...minted(quick ? 2 : 24)];
  const names = [...clients.keys()];
  const times = new Times(names);
  const rounds = quick ? 1 : 18;
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1} of ${rounds}, ${all.length} bundles`);
    const halves = [all.filter((_, at) => (at + round) % 2 === 0), all.filter((_, at) => (at + round) % 2 === 1)];
    const [known, fresh] = all.length > 1 ? halves : [all, []];
    const made = new Map(names.map((name) => [name, clients.get(name)()]));
    for (let turn = 0; turn < (quick ? 1 : 3); turn += 1) {
      for (const item of known) for (const name of names) await made.get(name)(item);
    }
    let turns = round;
    const measure = async (item, row) => {
      for (const name of inTurn(names, (turns += 1))) {
        times.note(row, name, await timedAsync(() => made.get(name)(item)));
      }
    };
    for (const item of fresh) await measure(item, `${item.kind}, at first sight`);
    for (let turn = 0; turn < (all.length > 1 || quick ? 1 : 30); turn += 1) {
      for (const item of known) await measure(item, `${item.kind}, again`);
    }
  }
  const table = times.table("One verification");
  table.rows.sort((a, b) => a.row.localeCompare(b.row));
  return { note, tables: [table] };
}
