/** What a JSON value has to be: a type, a test, a list, or an object with these members. A name that ends in `?` may be missing. */
export type Shape = "string" | "number" | "boolean" | ((value: unknown) => boolean) | readonly [Shape] | { readonly [name: string]: Shape };

/** One of these texts. */
export function oneOf(...texts: readonly string[]): Shape {
  return (value) => texts.some((text) => text === value);
}

/** A number of things, or a place in a list. */
export const count: Shape = (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

/** Texts by name. */
export const texts: Shape = (value) => isObject(value) && Object.values(value).every((text) => typeof text === "string");

/** Members by name. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws TypeError naming the place, for a value that has another shape. Members that are not asked for are of no matter. */
export function hold(value: unknown, shape: Shape, at: string): void {
  if (typeof shape === "string" || typeof shape === "function") {
    if (typeof shape === "string" ? typeof value !== shape : !shape(value)) throw strange(at);
  } else if (isList(shape)) {
    if (!Array.isArray(value)) throw strange(at);
    value.forEach((item: unknown, index) => hold(item, shape[0], `${at}/${String(index)}`));
  } else {
    if (!isObject(value)) throw strange(at);
    for (const [name, inner] of Object.entries(shape)) {
      const key = name.replace(/\?$/u, "");
      if (Object.hasOwn(value, key)) hold(value[key], inner, `${at}/${key}`);
      else if (key === name) throw strange(`${at}/${key}`);
    }
  }
}

/** That there is something else than expected. */
export function strange(at: string): TypeError {
  return new TypeError(`expected what the verifier reports, found something else at ${at === "" ? "the top" : at}`);
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
