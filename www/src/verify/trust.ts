import { github, key, keyless, npm, pypi, UsageError, type Policy } from "admissible/policy";
import type { Verifier } from "admissible/slim";

/** How the visitor says whom to trust. */
export type TrustKind = "none" | "github" | "npm" | "pypi" | "keyless" | "key" | "document";

/** Whom the visitor trusts, as it stands in the form. */
export interface Trust {
  readonly kind: TrustKind;
  readonly fields: Readonly<Record<string, string>>;
}

/** One field of a form. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly optional?: true;
  readonly choices?: readonly (readonly [value: string, label: string])[];
  /** Of several lines. */
  readonly long?: true;
}

const repository: Field = { name: "repository", label: "Repository", placeholder: "owner/name" };
const workflow: Field = { name: "workflow", label: "Workflow file", placeholder: "release.yml" };

/** The forms, in the order in which they are offered. A policy document has an editor of its own. */
export const forms: Readonly<Record<TrustKind, { readonly label: string; readonly fields: readonly Field[] }>> = {
  none: { label: "Nobody named yet", fields: [] },
  github: {
    label: "A GitHub repository",
    fields: [
      repository,
      { ...workflow, optional: true },
      { name: "ref", label: "Git reference", placeholder: "refs/tags/v*", optional: true },
      { name: "level", label: "SLSA build level", choices: [["", "any"], ["1", "1 or higher"], ["2", "2 or higher"], ["3", "3"]] },
    ],
  },
  npm: {
    label: "An npm package",
    fields: [{ name: "package", label: "Package", placeholder: "@acme/app" }, { ...repository, placeholder: "owner/name, or the repository's URL" }],
  },
  pypi: { label: "A PyPI project", fields: [{ name: "project", label: "Project", placeholder: "app" }, repository, workflow] },
  keyless: {
    label: "An identity",
    fields: [
      { name: "identity", label: "Identity in the certificate", placeholder: "person@example.com" },
      { name: "issuer", label: "Vouched for by", placeholder: "https://accounts.google.com" },
    ],
  },
  key: { label: "A public key", fields: [{ name: "pem", label: "Key (PEM)", placeholder: "-----BEGIN PUBLIC KEY-----", long: true }] },
  document: { label: "A policy document", fields: [] },
};

/** What became of a form: nobody is named yet, a policy, or what is wrong. */
export type Made =
  | { readonly state: "nobody" }
  | { readonly state: "policy"; readonly policy: Policy | string }
  | { readonly state: "wrong"; readonly message: string; readonly at: string };

/** Makes the policy. */
export function policyOf(trust: Trust, verifier: Verifier): Made {
  if (trust.kind === "none") return { state: "nobody" };
  try {
    const policy = trust.kind === "document" ? (trust.fields["text"] ?? "") : preset(trust.kind, trust.fields);
    verifier.checkPolicy(policy);
    return { state: "policy", policy };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { state: "wrong", message: error.message, at: error.at };
  }
}

function preset(kind: Exclude<TrustKind, "none" | "document">, fields: Trust["fields"]): Policy {
  const field = (name: string): string => (fields[name] ?? "").trim();
  const optional = (name: string, value: unknown = field(name)): Record<string, unknown> => (field(name) === "" ? {} : { [name]: value });
  const ref = field("ref");
  switch (kind) {
    case "github":
      return github({
        repository: field("repository"),
        ...optional("workflow"),
        ...optional("ref", /[*?]/u.test(ref) ? { glob: ref } : ref),
        ...optional("level", Number(field("level"))),
      });
    case "npm":
      return npm({ package: field("package"), repository: field("repository") });
    case "pypi":
      return pypi({ project: field("project"), repository: field("repository"), workflow: field("workflow") });
    case "keyless":
      return keyless({ issuer: patternOf(field("issuer")), identity: patternOf(field("identity")) });
    case "key":
      return key({ pem: fields["pem"] ?? "" });
  }
}

/** With a star, it is a glob. */
function patternOf(text: string): string | { readonly glob: string } {
  return text.includes("*") ? { glob: text } : text;
}

/** The policy as text, for the editor. */
export function policyText(made: Made): string {
  if (made.state !== "policy") return "";
  return typeof made.policy === "string" ? made.policy : `${JSON.stringify(made.policy, undefined, 2)}\n`;
}
