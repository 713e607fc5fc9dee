import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Artifact } from "../../artifact.js";
import type { Evaluation, RequirementLine } from "../../evaluation.js";
import { parse, readFile, reason } from "../arguments.js";
import { claimedArtifact, type ClaimedArtifact } from "./claimed.js";
import { Misuse } from "../misuse.js";
import { progress, progressDone } from "../progress.js";
import { palette, printable, printableJson, type Palette } from "../terminal.js";
import { verifier } from "../verify.js";
import type { Verifier } from "../../verifier.js";
import { bundlesIn, onlyOperand, policyFile, time } from "./files.js";

/** The text of `admissible policy dry-run --help`. */
export const help = `\
Judges every artifact of a folder of bundles by a policy, and counts what would break and why. Nothing is changed.

usage: admissible policy dry-run <policy> <folder> [--trusted-root FILE] [--now TIME] [--json]

  <policy>             a policy (JSON)
  <folder>             bundles, one a file or one a line, or what npm, PyPI or GitHub answered; folders in it too.
                       Bundles about one artifact are judged together. An artifact that lies beside its bundle
                       (app.tgz beside app.tgz.sigstore.json) is hashed; else the digest that the bundle names is
                       taken for it
  --trusted-root FILE  a trusted root in place of the embedded one
  --now TIME           the present, as RFC 3339; the clock's unless given
  --json               print counts and artifacts as JSON
  --help               this text

exit codes: 0 nothing would break, 1 something would, 2 wrong use
`;

const flags = {
  "trusted-root": { type: "string" },
  now: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Files that may hold bundles. */
const bundleFile = /\.(?:json|jsonl|sigstore|bundle|slsa|provenance|attestation)$/u;

/** Bundles about one artifact. */
interface Group {
  /** What to call it. */
  readonly name: string;
  readonly artifact: Artifact;
  readonly bundles: Uint8Array[];
}

/** `admissible policy dry-run`. Returns the exit code. */
export function dryRun(argv: readonly string[]): number {
  const { values, positionals } = parse(argv, flags);
  const [policyPath, ...rest] = positionals;
  if (policyPath === undefined) throw new Misuse("name the policy's file and the folder of bundles");
  const folder = onlyOperand(rest, "the folder of bundles");
  const policy = policyFile(policyPath);
  const judge = verifier(values["trusted-root"]);
  // A policy that is wrong is told before any bundle is read.
  judge.checkPolicy(policy);
  const now = time(values.now);
  const { groups, unreadable } = collect(folder, judge);
  if (groups.length === 0) throw new Misuse(`there is no bundle in ${folder}`);
  const results = groups.map(({ name, artifact, bundles }, done) => {
    progress(`judging artifact ${String(done + 1)} of ${String(groups.length)}`);
    return { name, bundles: bundles.length, evaluation: judge.evaluateSync({ bundles, artifact, policy, now }) };
  });
  progressDone();
  const counts = { verified: 0, excepted: 0, rejected: 0 };
  for (const { evaluation } of results) counts[evaluation.verdict] += 1;
  const reasons = tally(results.map(({ evaluation }) => evaluation));
  const breaks = results.filter(({ evaluation }) => !evaluation.admitted).length;
  if (values.json === true) {
    const artifacts = results.map(({ name, bundles, evaluation }) => ({ name, bundles, verdict: evaluation.verdict, admitted: evaluation.admitted, summary: evaluation.summary }));
    process.stdout.write(`${printableJson({ counts, breaks, unreadable, reasons, artifacts })}\n`);
  } else {
    process.stdout.write(text(results, counts, breaks, reasons, unreadable, palette(process.stdout)));
  }
  return breaks === 0 ? 0 : 1;
}

/** Why artifacts are rejected: a requirement and a code, and for how many artifacts. */
interface Tally {
  readonly requirement: string;
  readonly code: string;
  readonly artifacts: number;
  /** One of the messages. */
  readonly example: string;
}

function tally(evaluations: readonly Evaluation[]): Tally[] {
  const found = new Map<string, { requirement: string; code: string; artifacts: number; example: string }>();
  for (const evaluation of evaluations) {
    const seen = new Set<string>();
    const add = (requirement: string, code: string, example: string): void => {
      const key = `${requirement}\n${code}`;
      if (seen.has(key)) return;
      seen.add(key);
      const row = found.get(key) ?? { requirement, code, artifacts: 0, example };
      row.artifacts += 1;
      found.set(key, row);
    };
    const visit = (line: RequirementLine): void => {
      if (line.met) return;
      for (const { code, message } of line.failures ?? []) add(line.name, code, message);
      line.parts?.forEach(visit);
    };
    evaluation.requirements.forEach(visit);
    for (const { report } of evaluation.bundles) {
      if (report.verdict !== "failed") continue;
      for (const check of Object.values(report.checks)) {
        if (check.status === "failed") for (const { code, message } of check.failures) add("a bundle does not verify", code, message);
      }
    }
  }
  return [...found.values()].sort((a, b) => b.artifacts - a.artifacts || a.code.localeCompare(b.code));
}

/** Every bundle of a folder, with those about one artifact together; and the files that hold none. */
function collect(folder: string, judge: Verifier): { groups: Group[]; unreadable: string[] } {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  } catch (error) {
    throw new Misuse(`the folder of bundles: ${reason(error)} (${folder})`);
  }
  const groups = new Map<string, Group>();
  const unreadable: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (!bundleFile.test(name) || !statSync(path).isFile()) continue;
    for (const bundle of bundlesIn(path, judge)) {
      const claimed = claimedArtifact(bundle);
      if (claimed === undefined) {
        unreadable.push(name);
        continue;
      }
      const { key, group } = groupOf(path, name, claimed);
      const known = groups.get(key);
      if (known === undefined) groups.set(key, { ...group, bundles: [bundle] });
      else known.bundles.push(bundle);
    }
  }
  return { groups: [...groups.values()], unreadable: [...new Set(unreadable)] };
}

function groupOf(path: string, name: string, claimed: ClaimedArtifact): { key: string; group: Omit<Group, "bundles"> } {
  const beside = path.replace(/(?:\.sigstore\.json|\.sigstore|\.intoto\.jsonl|\.jsonl|\.build\.slsa|\.json)$/u, "");
  if (beside !== path && existsSync(beside) && statSync(beside).isFile()) {
    return { key: beside, group: { name: name.slice(0, name.length - (path.length - beside.length)), artifact: readFile(beside, "the artifact") } };
  }
  return { key: claimed.digest, group: { name: claimed.name ?? name, artifact: claimed.artifact } };
}

function text(
  results: readonly { name: string; bundles: number; evaluation: Evaluation }[],
  counts: Readonly<Record<Evaluation["verdict"], number>>,
  breaks: number,
  reasons: readonly Tally[],
  unreadable: readonly string[],
  paint: Palette,
): string {
  const all = results.length;
  const head = breaks === 0 ? paint.good(`✔ nothing would break: ${String(all)} artifacts`) : paint.bad(`✘ ${String(breaks)} of ${String(all)} artifacts would be refused`);
  const lines = [
    paint.strong(head),
    `  ${paint.good(`${String(counts.verified)} verified`)}, ${paint.warning(`${String(counts.excepted)} excepted`)}, ${paint.bad(`${String(counts.rejected)} rejected`)}`,
  ];
  if (unreadable.length > 0) lines.push(`  ${paint.warning(`${String(unreadable.length)} files hold no bundle that can be read:`)} ${printable(unreadable.slice(0, 5).join(", "))}${unreadable.length > 5 ? ", …" : ""}`);
  if (reasons.length > 0) lines.push("", paint.strong("  why, by how many artifacts"));
  for (const { requirement, code, artifacts, example } of reasons) {
    lines.push(`  ${String(artifacts).padStart(5)}  ${paint.bad(code)}${paint.faint(`  ${printable(requirement)}`)}`, `         ${printable(example)}`);
  }
  lines.push("", paint.strong("  artifacts"));
  for (const { name, bundles, evaluation } of results) {
    const mark = { verified: paint.good("✔ verified"), excepted: paint.warning("! excepted"), rejected: paint.bad("✘ rejected") }[evaluation.verdict];
    lines.push(`  ${mark} ${printable(name)}${paint.faint(`  ${String(bundles)} ${bundles === 1 ? "bundle" : "bundles"}`)}`);
  }
  return `${lines.join("\n")}\n`;
}
