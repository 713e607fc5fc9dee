// Where the time of one verification goes. What is left out of a call tells what it costs: signatures that are remembered, a bundle that is refused
// at once, no policy. The parts are of the same bundles, in turns.

import { createVerifierSync } from "../../../js/dist/entries/node.js";
import { instantiate } from "../../../js/dist/wasm/glue.js";
import { readFileSync } from "node:fs";
import { bundles, note } from "../bundles.mjs";
import { anySigner, asked, byRoot, unbound } from "../clients.mjs";
import { Times, timed, timedAsync } from "../measure.mjs";

export const about = "policy, report and the border's share of a verification";

const whole = "a verification at first sight";
const again = "the same with its signatures remembered";
const refused = "a text as long that is refused at once";
const hashed = "the hash of that text, which every report has";
const forgedNow = "one whose signature is not valid, at first sight";
const forgedLater = "the same, awaited";
const evaluated = "judged by a policy as well, signatures remembered";
const core = "the core alone, signatures remembered, its answer as text";
const parsed = "reading that text (`JSON.parse`)";

const policy = {
  version: 1,
  signers: [{ issuer: "https://token.actions.githubusercontent.com", identity: { glob: "https://github.com/**" } }],
  require: [{ predicateType: "https://slsa.dev/provenance/v1", level: 1, source: { repository: { glob: "https://github.com/**" } } }],
  evidence: { promiseOnly: true },
  subject: { dangerouslyUnbound: true },
};

export async function run({ quick, say }) {
  const all = bundles().filter(({ artifact }) => artifact === undefined);
  const exports = instantiate(new WebAssembly.Module(readFileSync(new URL("../../../js/dist/wasm/core.wasm", import.meta.url))));
  const bare = byRoot((root) => new exports.Verifier(new TextEncoder().encode(root)));
  const options = JSON.stringify({ ...anySigner, artifact: unbound });
  const times = new Times(["median"]);
  const rounds = quick ? 1 : 6;
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1} of ${rounds}, ${all.length} bundles`);
    const half = all.filter((_, at) => (at + round) % 2 === 0);
    const [verifier, refusing, refusingLater] = Array.from({ length: 3 }, () => byRoot((trustedRoot) => createVerifierSync({ trustedRoot })));
    for (let turn = 0; turn < 3; turn += 1) {
      for (const item of half) for (const made of [verifier, refusing, refusingLater]) made(item.root).inspectSync(item.text, asked(item));
    }
    for (const item of all.length === 1 ? all : all.filter((_, at) => (at + round) % 2 === 1)) {
      const [own, bytes] = [verifier(item.root), new TextEncoder().encode(item.text)];
      const garbage = bytes.with(0, 0x78);
      const note = (name, work) => times.note(name, "median", timed(work));
      note(whole, () => own.inspectSync(item.text, asked(item)));
      const forged = withInvalidSignature(item.text);
      note(forgedNow, () => mustFail(refusing(item.root).inspectSync(forged, asked(item))));
      times.note(forgedLater, "median", await timedAsync(async () => mustFail(await refusingLater(item.root).inspect(forged, asked(item)))));
      note(again, () => own.inspectSync(item.text, asked(item)));
      note(evaluated, () => own.evaluateSync({ bundles: [item.text], policy, artifact: unbound }));
      note(refused, () => own.inspectSync(garbage, asked(item)));
      note(hashed, () => sha256(exports, garbage));
      let answer = bare(item.root).inspect(undefined, bytes, undefined, options);
      note(core, () => (answer = bare(item.root).inspect(undefined, bytes, undefined, options)));
      note(parsed, () => JSON.parse(answer));
    }
  }
  const table = times.table("Where the time goes");
  const medians = Object.fromEntries(table.rows.map(({ row, medians: { median } }) => [row, median]));
  const percent = (part) => `${((100 * part) / medians[whole]).toFixed(1)} %`;
  const judging = Math.max(0, medians[evaluated] - medians[again]);
  const border = Math.max(0, medians[refused] - medians[hashed]);
  table.numbers = { policyReportAndBorderPercent: (100 * (judging + medians[parsed] + border)) / medians[whole] };
  table.facts = [
    `Signatures: ${percent(medians[whole] - medians[again])} of a verification at first sight.`,
    `Everything else (reading, hashing, checks, report, border): ${percent(medians[again])}.`,
    `Of that, the report as an object (\`JSON.parse\`): ${percent(medians[parsed])}; the border and the smallest report: ${percent(border)}; ` +
      `the hash of the bundle's text, which is in each report: ${percent(medians[hashed])}.`,
    `Judging by a policy adds ${percent(judging)}, and with report and border comes to ${percent(judging + medians[parsed] + border)}, ` +
      "but for writing the report as text in the core, which the native part tells.",
    `A bundle whose signature is not valid is refused in ${percent(medians[forgedNow])} of the time in which a good one is accepted; awaited, in ${percent(medians[forgedLater])}.`,
  ];
  return { note, tables: [table] };
}

/** A bundle with another bit in its signature, which is as well-formed as before. */
function withInvalidSignature(text) {
  const bundle = JSON.parse(text);
  const [holder, name] = bundle.messageSignature === undefined ? [bundle.dsseEnvelope.signatures[0], "sig"] : [bundle.messageSignature, "signature"];
  const signature = Buffer.from(holder[name], "base64");
  signature[signature.length - 1] ^= 1;
  holder[name] = signature.toString("base64");
  return JSON.stringify(bundle);
}

function mustFail({ checks }) {
  const codes = (checks.signature.failures ?? []).map(({ code }) => code);
  if (!codes.includes("signature-invalid")) throw new Error(`expected signature-invalid, found ${checks.signature.status}: ${codes.join(", ")}`);
}

function sha256({ Hasher }, bytes) {
  const hasher = new Hasher("sha256");
  hasher.update(bytes);
  return hasher.finish();
}
