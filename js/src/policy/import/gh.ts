import type { Pattern } from "../../options.js";
import { gitHubRepository } from "../argument.js";
import type { PolicySigner, PolicySubject } from "../document.js";
import { gitHubIssuer, provenanceV1 } from "../presets.js";
import { readFlags, switchFlag, textFlag, type CommandLine, type Flags } from "./flags.js";
import { goRegex } from "./pattern.js";
import type { ImportOptions, Imported } from "./result.js";
import { conclude, piece } from "./rule.js";
import type { Entry } from "./source.js";

/**
 * A policy of the arguments of `gh attestation verify`. Names are compared exactly, where gh ignores their case: spell
 * them as GitHub does. The artifact and where to find its attestations are no part of a policy.
 *
 * @throws UsageError for arguments of other types.
 */
export function fromGhFlags(argv: readonly string[], options?: ImportOptions): Imported {
  const line = readFlags(argv, { ...meant, ...irrelevant }, shorts);
  const { source } = line;
  const words = line.words.map(({ value }) => value);
  const start = words[0] === "gh" ? 1 : 0;
  if (start === 1 && !(/^(?:attestation|at)$/u.test(String(words[1])) && words[2] === "verify")) {
    source.invalid(source.root, "command", "expected `gh attestation verify`");
  }
  const type = String(textFlag(line, "predicate-type")?.value ?? provenanceV1);
  const signer = signerOf(line);
  const ownRoot = textFlag(line, "custom-trusted-root");
  source.narrows(
    ownRoot,
    "--custom-trusted-root",
    "it names whom to trust as authority, which a policy does not: give the verifier this trusted root alone",
  );
  const { on: noPublicGood, entry } = switchFlag(line, "no-public-good");
  if (noPublicGood) {
    source.narrows(
      entry,
      "--no-public-good",
      "it refuses the public-good instance, which a policy does not name: give the verifier GitHub's trusted root alone",
    );
  } else {
    source.remark(
      "",
      "private repositories",
      "GitHub's own instance has no logs, and gh asks for none there: such bundles are refused here; with --no-public-good only such bundles are taken",
    );
  }
  return conclude(
    source,
    {
      name: "gh attestation verify",
      rule: piece(type, signer === undefined ? [] : [{ signer }]),
      evidence: noPublicGood ? { logEntries: 0, scts: 0, signedTimestamps: 1 } : undefined,
      subject: subject(line),
    },
    options,
  );
}

const shorts = { b: "bundle", d: "digest-alg", o: "owner", R: "repo", L: "limit", i: "cert-identity-regex", q: "jq", t: "template" };

/** The flags that become part of the policy. */
const meant: Flags = {
  owner: "text",
  repo: "text",
  "cert-identity": "text",
  "cert-identity-regex": "text",
  "cert-oidc-issuer": "text",
  "signer-repo": "text",
  "signer-workflow": "text",
  "signer-digest": "text",
  "source-ref": "text",
  "source-digest": "text",
  "predicate-type": "text",
  "deny-self-hosted-runners": "switch",
  hostname: "text",
  "no-public-good": "switch",
  "custom-trusted-root": "text",
  "digest-alg": "text",
};

/** The flags that say where the attestations are, and what to print. */
const irrelevant: Flags = { bundle: "text", "bundle-from-oci": "switch", limit: "text", format: "text", jq: "text", template: "text" };

const ownerName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/u;

function signerOf(line: CommandLine): PolicySigner | undefined {
  const { source } = line;
  const host = hostOf(line);
  const repo = named(line, "repo", gitHubRepository, "`owner/repository`");
  const owner = named(line, "owner", ownerName, "the name of an owner");
  if ((repo === undefined) === (owner === undefined)) {
    source.invalid(source.root, "--owner, --repo", "expected one of the two");
    return undefined;
  }
  const identity = identityOf(line, host, repo ?? owner ?? "");
  if (identity === undefined) return undefined;
  const digests: Record<string, string> = {};
  for (const [flag, claim] of [
    ["signer-digest", "buildSignerDigest"],
    ["source-digest", "sourceRepositoryDigest"],
    ["source-ref", "sourceRepositoryRef"],
  ] as const) {
    const entry = textFlag(line, flag);
    if (entry !== undefined) digests[claim] = String(entry.value);
  }
  const issuer = textFlag(line, "cert-oidc-issuer")?.value ?? gitHubIssuer;
  const tenant = host === "github.com" ? undefined : host;
  return {
    issuer: tenant !== undefined && issuer === gitHubIssuer ? `https://token.actions.${tenant}` : String(issuer),
    identity,
    claims: {
      sourceRepositoryOwnerURI: `https://${host}/${(repo ?? owner ?? "").split("/")[0] ?? ""}`,
      ...(repo === undefined ? {} : { sourceRepositoryURI: `https://${host}/${repo}` }),
      ...(switchFlag(line, "deny-self-hosted-runners").on ? { runnerEnvironment: "github-hosted" } : {}),
      ...digests,
    },
  };
}

/** Whom gh takes for the signer: what a flag says, else any workflow of the repository, or of the owner. */
function identityOf(line: CommandLine, host: string, ownerOrRepo: string): Pattern | undefined {
  const { source } = line;
  const given = ["cert-identity", "cert-identity-regex", "signer-repo", "signer-workflow"].filter(
    (name) => textFlag(line, name) !== undefined,
  );
  for (const name of given.slice(1)) source.invalid(textFlag(line, name) as Entry, `--${name}`, `it contradicts --${given[0] ?? ""}`);
  const exact = textFlag(line, "cert-identity");
  if (exact !== undefined) return String(exact.value);
  const regex = textFlag(line, "cert-identity-regex");
  if (regex !== undefined) return goRegex(source, regex);
  const signerRepo = named(line, "signer-repo", gitHubRepository, "`owner/repository`");
  const workflow = textFlag(line, "signer-workflow");
  if (workflow === undefined) return { glob: `https://${host}/${signerRepo ?? ownerOrRepo}/**` };
  const [, named_, path] =
    /^(?:([A-Za-z0-9-]+\.[A-Za-z0-9.-]+)\/)?([A-Za-z0-9_-]+\/[A-Za-z0-9._-]+\/[A-Za-z0-9._+/-]+)$/u.exec(String(workflow.value)) ?? [];
  if (path === undefined) {
    source.invalid(
      workflow,
      "--signer-workflow",
      "expected `[host/]owner/repository/path/to/workflow`; gh reads it as the start of a regular expression",
    );
    return undefined;
  }
  source.note(
    workflow,
    "--signer-workflow",
    "gh takes it for the start of a regular expression; here it is the whole path, at any reference",
  );
  return { glob: `https://${named_ ?? host}/${path}@**` };
}

function hostOf(line: CommandLine): string {
  const entry = textFlag(line, "hostname");
  if (entry === undefined || entry.value === "github.com") return "github.com";
  if (/^[a-z0-9-]+\.ghe\.com$/u.test(String(entry.value))) return String(entry.value);
  line.source.invalid(entry, "--hostname", "expected github.com or <tenant>.ghe.com");
  return "";
}

/** A flag that names something: in a pattern it must not mean anything else. */
function named(line: CommandLine, name: string, shape: RegExp, expected: string): string | undefined {
  const entry = textFlag(line, name);
  if (entry === undefined) return undefined;
  if (shape.test(String(entry.value))) return String(entry.value);
  line.source.invalid(entry, `--${name}`, `expected ${expected}`);
  return undefined;
}

function subject(line: CommandLine): PolicySubject | undefined {
  const entry = textFlag(line, "digest-alg");
  if (entry === undefined) return undefined;
  if (entry.value === "sha256" || entry.value === "sha512") return { algorithms: [entry.value] };
  line.source.invalid(entry, "--digest-alg", "expected sha256 or sha512");
  return undefined;
}
