import { isPlain, pointerToken } from "../../json.js";
import type { Unsupported } from "./result.js";

/** A value of the source, with its JSON pointer. */
export interface Entry {
  readonly at: string;
  readonly value: unknown;
}

/**
 * Reads a foreign document and keeps account: each of its leaves ends up read, set aside as irrelevant, or
 * listed. What nobody asked for is listed as narrowing, since nobody here knows what it means.
 */
export interface Source {
  /** The whole document. */
  readonly root: Entry;
  /** A field that is there and not null. */
  field(of: Entry | undefined, key: string): Entry | undefined;
  /** All fields of an object. */
  fields(of: Entry | undefined): readonly (readonly [string, Entry])[];
  /** The items of a list; none when it is missing. */
  items(of: Entry | undefined): readonly Entry[];
  /** A text that is not empty; an empty one counts as missing, as it does in Go. */
  text(of: Entry | undefined): string | undefined;
  /** A truth value. */
  flag(of: Entry | undefined): boolean | undefined;
  /** A whole number. */
  count(of: Entry | undefined): number | undefined;
  /** Sets a subtree aside as irrelevant to trust. */
  ignore(of: Entry | undefined): void;
  /** Lists a subtree without which the policy is as strict as the source, or stricter. */
  note(of: Entry | undefined, what: string, why: string): void;
  /** Lists a subtree without which the policy trusts more than the source. */
  narrows(of: Entry | undefined, what: string, why: string): void;
  /** Lists a subtree that makes the whole source mean nothing. */
  invalid(of: Entry, what: string, why: string): void;
  /** Lists what the whole changes, and closes nothing. */
  remark(at: string, what: string, why: string): void;
  /** Whether something was invalid. */
  broken(): boolean;
  /** Everything that is listed, once each leaf has been accounted for. */
  account(): readonly Unsupported[];
}

/** Deeper than any real policy. */
const deepest = 64;

/** More values than any real policy has; an alias in YAML counts each time it is used. */
const largest = 100_000;

/** Opens a document. */
export function open(document: unknown): Source {
  const read = new Set<string>();
  const closed = new Set<string>();
  const listed: Unsupported[] = [];
  let broken = false;

  const list = (at: string, what: string, why: string, narrows: boolean): void => {
    if (!listed.some((entry) => entry.at === at && entry.what === what && entry.why === why)) listed.push({ at, what, why, narrows });
  };
  const invalid = (of: Entry, what: string, why: string): void => {
    broken = true;
    closed.add(of.at);
    list(of.at, what, why, false);
  };
  const mistyped = (of: Entry, expected: string): undefined => invalid(of, "value", `expected ${expected}`) as undefined;
  const object = (of: Entry | undefined): Readonly<Record<string, unknown>> | undefined => {
    if (of === undefined) return undefined;
    if (typeof of.value !== "object" || of.value === null || Array.isArray(of.value) || !isPlain(of.value))
      return mistyped(of, "an object");
    read.add(of.at);
    return of.value as Readonly<Record<string, unknown>>;
  };
  const child = (of: Entry, key: string, value: unknown): Entry => ({ at: `${of.at}/${pointerToken(key)}`, value });
  const scalar = <T>(of: Entry | undefined, is: (value: unknown) => value is T, expected: string): T | undefined => {
    if (of === undefined) return undefined;
    if (!is(of.value)) return mistyped(of, expected);
    read.add(of.at);
    return of.value;
  };

  const size = measure(document);
  const root = { at: "", value: size === undefined ? document : {} };
  if (size !== undefined) invalid(root, "document", size);

  return {
    root,
    field(of, key) {
      const fields = object(of);
      if (of === undefined || fields === undefined || !Object.hasOwn(fields, key)) return undefined;
      const found = child(of, key, fields[key]);
      if (found.value !== null && found.value !== undefined) return found;
      read.add(found.at);
      return undefined;
    },
    fields(of) {
      const fields = object(of);
      return of === undefined || fields === undefined
        ? []
        : Object.entries(fields).map(([key, value]) => [key, child(of, key, value)] as const);
    },
    items(of) {
      if (of === undefined) return [];
      if (!Array.isArray(of.value)) return mistyped(of, "a list") ?? [];
      read.add(of.at);
      return Array.from(of.value, (value: unknown, index) => child(of, String(index), value));
    },
    text(of) {
      const found = scalar(of, (value) => typeof value === "string", "a text");
      return found === "" ? undefined : found;
    },
    flag: (of) => scalar(of, (value) => typeof value === "boolean", "true or false"),
    count: (of) => scalar(of, (value): value is number => Number.isSafeInteger(value), "a whole number"),
    ignore(of) {
      if (of !== undefined) closed.add(of.at);
    },
    note(of, what, why) {
      if (of === undefined) return;
      closed.add(of.at);
      list(of.at, what, why, false);
    },
    narrows(of, what, why) {
      if (of === undefined) return;
      closed.add(of.at);
      list(of.at, what, why, true);
    },
    invalid,
    remark: (at, what, why) => list(at, what, why, false),
    broken: () => broken,
    account() {
      const unknown = (leaf: Entry): void => {
        if (read.has(leaf.at)) return;
        const key = leaf.at.slice(leaf.at.lastIndexOf("/") + 1);
        list(leaf.at, key === "" ? "document" : `\`${key}\``, "this importer does not know what it means", true);
      };
      visit(root, (of) => closed.has(of.at), unknown);
      return listed;
    },
  };
}

/** Calls `leaf` for each value that holds no others, outside of what is done with. */
function visit(of: Entry, done: (of: Entry) => boolean, leaf: (of: Entry) => void): void {
  if (done(of)) return;
  const inner = typeof of.value === "object" && of.value !== null ? Object.entries(of.value) : [];
  if (inner.length === 0) leaf(of);
  for (const [key, value] of inner) visit({ at: `${of.at}/${pointerToken(key)}`, value }, done, leaf);
}

/** Why a document is too large to be read; `undefined` when it is not. */
function measure(document: unknown): string | undefined {
  let values = 0;
  const fits = (value: unknown, depth: number): boolean => {
    values += 1;
    if (values > largest || depth > deepest) return false;
    return typeof value !== "object" || value === null || Object.values(value).every((inner) => fits(inner, depth + 1));
  };
  return fits(document, 0) ? undefined : "it is nested too deep, in a circle, or too large";
}
