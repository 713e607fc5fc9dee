import type { Baseline, ChangeCode, TrustChange, TrustComparison } from "admissible/slim";

/** A line of the comparison. */
export interface Row {
  readonly question: string;
  readonly older: string | undefined;
  readonly newer: string | undefined;
  readonly changes: readonly TrustChange[];
}

/** What a line asks, how it reads the answer, and which changes are about it. */
interface Line {
  readonly question: string;
  readonly value: (baseline: Baseline) => string | undefined;
  readonly codes: readonly ChangeCode[];
}

const lines: readonly Line[] = [
  { question: "Same signer?", value: ({ signer }) => ("publicKey" in signer ? `the key ${signer.publicKey}` : signer.identity), codes: ["signer-changed", "signer-kind-changed", "ref-kind-changed"] },
  { question: "Vouched for by the same?", value: ({ signer }) => ("issuer" in signer ? signer.issuer : undefined), codes: ["issuer-changed"] },
  { question: "Same repository?", value: ({ source }) => named(source?.repository, source?.repositoryId), codes: ["repository-changed", "repository-moved", "repository-recreated"] },
  { question: "Same owner?", value: ({ source }) => named(undefined, source?.ownerId), codes: ["owner-changed"] },
  { question: "Same workflow?", value: ({ config }) => config?.path, codes: ["workflow-changed"] },
  { question: "Same builder?", value: ({ builder }) => builder, codes: ["builder-changed"] },
  { question: "Same kind of build?", value: ({ buildType }) => buildType, codes: ["build-type-changed"] },
  { question: "Same kind of machine?", value: ({ runner }) => runner, codes: ["runner-changed"] },
  { question: "Started by the same event?", value: ({ trigger }) => trigger, codes: ["trigger-changed"] },
  { question: "As safe a build?", value: ({ level }) => (level === undefined ? undefined : `SLSA build level ${String(level)}`), codes: ["level-lowered", "level-raised"] },
  { question: "As much said?", value: ({ predicateTypes }) => predicateTypes.join(", ") || undefined, codes: ["provenance-lost", "provenance-gained", "predicate-type-lost", "predicate-version-changed"] },
  { question: "About the same package?", value: ({ subject }) => subject, codes: ["subject-changed"] },
  { question: "Signed later?", value: ({ signed }) => signed, codes: ["signed-earlier"] },
];

/** Every line that either version has something for, and every change, in some line. `newer` is absent when it does not verify. */
export function rowsOf(older: Baseline, newer: Baseline | undefined, { changes }: TrustComparison): Row[] {
  const left = new Set(changes);
  const rows = lines.map(({ question, value, codes }): Row => {
    const [before, after] = [value(older), newer && value(newer)];
    const own = changes.filter(({ code, previous }) => codes.includes(code) || (code === "fact-lost" && after === undefined && previous !== undefined && before?.includes(previous) === true));
    for (const change of own) left.delete(change);
    return { question, older: before, newer: after, changes: own };
  });
  const rest = [...left].map((change): Row => (change.code === "next-not-verified"
    ? { question: "Does it verify?", older: "yes", newer: "no", changes: [change] }
    : { question: "Anything else?", older: change.previous, newer: change.next, changes: [change] }));
  // Of a version that does not verify, nothing is known that could be compared.
  return newer === undefined ? rest : [...rest, ...rows.filter((row) => row.older !== undefined || row.newer !== undefined || row.changes.length > 0)];
}

/** A name with the number that outlives it. */
function named(name: string | undefined, id: string | undefined): string | undefined {
  const number = id === undefined ? undefined : `number ${id}`;
  return name === undefined || number === undefined ? (name ?? number) : `${name} (${number})`;
}
