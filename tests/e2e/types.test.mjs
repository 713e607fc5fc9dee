// The hand-written types against real reports: every report of the minted cases, written out as TypeScript, must be a `Report`.
// Object literals are checked for missing and for unknown properties alike.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const minted = process.env.ADMISSIBLE_MINTED;
const js = fileURLToPath(new URL("../../js/", import.meta.url));

test("every report is a Report, and every evaluation an Evaluation", { skip: minted === undefined && "ADMISSIBLE_MINTED is not set: run cargo xtask test" }, () => {
  const reports = ["good", "bad"].flatMap((kind) =>
    readdirSync(join(minted, kind)).map((name) => readFileSync(join(minted, kind, name, "report.json"), "utf8")),
  );
  const types = JSON.stringify(join(js, "dist/index.js"));
  const evaluations = ["good", "bad"].flatMap((kind) =>
    readdirSync(join(minted, kind)).map((name) => readFileSync(join(minted, kind, name, "evaluation.json"), "utf8")),
  );
  const typed = (type, texts) => texts.map((text, index) => `export const ${type.toLowerCase()}${index}: ${type} = ${text};`);
  const list = [...typed("Report", reports), ...typed("Evaluation", evaluations)].join("\n");
  const file = join(minted, "reports.ts");
  writeFileSync(file, `import type { Evaluation, Report } from ${types};\n${list}\n`);
  const flags = ["--ignoreConfig", "--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext"];
  const tsc = spawnSync(process.execPath, [join(js, "node_modules/typescript/bin/tsc"), ...flags, file], { encoding: "utf8" });
  assert.equal(tsc.status, 0, tsc.stdout.split("\n").slice(0, 20).join("\n") + tsc.stderr);
});
