import { UsageError } from "../../errors.js";
import type { Policy } from "../document.js";
import { fromClusterImagePolicy } from "./cluster-image-policy.js";
import { fromKyverno } from "./kyverno.js";
import { mayWiden, type Imported, type ImportOptions } from "./result.js";

/** What became of one document of a text. */
export interface ImportedDocument extends Imported {
  /** What the document is; `undefined` when it is nothing that can be imported. */
  readonly kind: DocumentKind | undefined;
  /** The document's place in the text, from 0. */
  readonly index: number;
  /** The document's own name, if it has one. */
  readonly name: string | undefined;
}

/** The documents that are told apart. `"policy"` is one of this package's own, which is passed on as it is. */
export type DocumentKind = "policy" | "cluster-image-policy" | "kyverno";

/**
 * Imports every document of a text in YAML or JSON. `parse` reads the text, and gives a list when it holds several
 * documents. Each is imported on its own: where several are about one artifact, their sources demand all of them.
 *
 * @throws UsageError when `parse` throws.
 */
export function importPolicy(text: string, parse: (text: string) => unknown, options?: ImportOptions): readonly ImportedDocument[] {
  if (typeof text !== "string" || typeof parse !== "function")
    throw new UsageError("invalid-argument", "expected a text and a function that parses it");
  mayWiden(options);
  let parsed: unknown;
  try {
    parsed = parse(text);
  } catch (error) {
    throw new UsageError("invalid-argument", `the text cannot be parsed: ${error instanceof Error ? error.message : String(error)}`, "", {
      cause: error,
    });
  }
  const documents = (Array.isArray(parsed) ? parsed : [parsed]).flatMap(
    (document: unknown) => (itemsOf(document) ?? [document]) as unknown[],
  );
  return documents.flatMap((document, index) =>
    document === null || document === undefined ? [] : [importDocument(document, index, options)],
  );
}

function importDocument(document: unknown, index: number, options: ImportOptions | undefined): ImportedDocument {
  const fields = fieldsOf(document);
  const kind = kindOf(fields);
  const name = textOf(kind === "policy" ? fields["name"] : fieldsOf(fields["metadata"])["name"]);
  if (kind === "policy") return { kind, index, name, policy: document as Policy, unsupported: [] };
  if (kind !== undefined) {
    const read = kind === "kyverno" ? fromKyverno : fromClusterImagePolicy;
    return { kind, index, name, ...read(document as object, options) };
  }
  const what = textOf(fields["kind"]) ?? "document";
  const why = "it is no policy that can be imported; what it demands or trusts is not known here";
  return { kind, index, name, policy: undefined, unsupported: [{ at: "", what, why, narrows: true }] };
}

function kindOf(fields: Readonly<Record<string, unknown>>): DocumentKind | undefined {
  const [apiVersion, kind] = [textOf(fields["apiVersion"]) ?? "", textOf(fields["kind"]) ?? ""];
  if (kind === "ClusterImagePolicy") return "cluster-image-policy";
  if (/^(?:policies\.)?kyverno\.io\//u.test(apiVersion) && /^(?:(?:Cluster)?Policy|(?:Namespaced)?ImageValidatingPolicy)$/u.test(kind))
    return "kyverno";
  return apiVersion === "" && kind === "" && fields["version"] === 1 && Object.hasOwn(fields, "signers") ? "policy" : undefined;
}

/** The documents of a Kubernetes list. */
function itemsOf(document: unknown): readonly unknown[] | undefined {
  const { apiVersion, kind, items } = fieldsOf(document);
  return apiVersion === "v1" && kind === "List" && Array.isArray(items) ? (items as unknown[]) : undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
