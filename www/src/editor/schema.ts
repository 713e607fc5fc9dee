import document from "admissible/policy.schema.json";

/** As much of a JSON Schema as completion takes. */
interface Schema {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly $ref?: string;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** Something that may be written at a place. */
export interface Suggestion {
  readonly label: string;
  readonly description: string;
  /** What a value of it begins with. */
  readonly opens?: "{" | "[" | "\"";
}

const root = document as unknown as Schema & { readonly $defs: Readonly<Record<string, Schema>> };

/** The keys that an object at this place may have. `path` has a name for each key and a number for each item. */
export function keysAt(path: readonly (string | number)[]): readonly Suggestion[] {
  const found = new Map<string, Suggestion>();
  for (const schema of at(path)) {
    for (const [label, property] of Object.entries(schema.properties ?? {})) {
      const parts = branches(property);
      const description = parts.find((part) => part.description !== undefined)?.description ?? "";
      const opens = opening(parts);
      if (!found.has(label) || found.get(label)?.description === "") found.set(label, { label, description, ...(opens !== undefined && { opens }) });
    }
  }
  return [...found.values()];
}

/** The values that are known beforehand, as JSON. */
export function valuesAt(path: readonly (string | number)[]): readonly Suggestion[] {
  const found = new Map<string, Suggestion>();
  for (const { const: one, enum: many = [], type, description = "" } of at(path)) {
    const values = [...(one === undefined ? [] : [one]), ...many, ...(type === "boolean" ? [true, false] : [])];
    for (const value of values) found.set(JSON.stringify(value), { label: JSON.stringify(value), description });
  }
  return [...found.values()];
}

/** Every schema that may speak of this place: which of several does, only the whole document tells. */
function at(path: readonly (string | number)[]): readonly Schema[] {
  let schemas = branches(root);
  for (const step of path) {
    schemas = schemas.flatMap((schema) => {
      const { additionalProperties: other } = schema;
      const next = typeof step === "number" ? schema.items : (schema.properties?.[step] ?? (typeof other === "object" ? other : undefined));
      return next === undefined ? [] : branches(next);
    });
  }
  return schemas;
}

function branches(schema: Schema, seen = new Set<Schema>()): readonly Schema[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { $ref, then, else: otherwise, allOf = [], anyOf = [], oneOf = [] } = schema;
  const named = $ref === undefined ? undefined : root.$defs[$ref.replace(/^#\/\$defs\//u, "")];
  return [schema, ...[named, then, otherwise, ...allOf, ...anyOf, ...oneOf].flatMap((part) => (part === undefined ? [] : branches(part, seen)))];
}

function opening(parts: readonly Schema[]): Suggestion["opens"] {
  const typesOf = ({ type = [], properties, items }: Schema): readonly string[] =>
    [type, properties === undefined ? [] : "object", items === undefined ? [] : "array"].flat(2);
  const types = new Set(parts.flatMap(typesOf));
  if (types.size !== 1) return undefined;
  return types.has("object") ? "{" : types.has("array") ? "[" : types.has("string") ? "\"" : undefined;
}
