// What the tests of policies share: the schema, our patterns, and properties that every importer of documents has.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020.js";
import { parseAllDocuments } from "yaml";
import { irrelevantToClusterImagePolicy } from "../dist/policy/import/cluster-image-policy.js";
import { irrelevantToKyverno } from "../dist/policy/import/kyverno.js";

const text = readFileSync(new URL("../schema/policy.v1.schema.json", import.meta.url), "utf8");

export const schema = JSON.parse(text);

const options = { allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false, strictTypes: false, validateFormats: false };

export const validate = new Ajv(options).compile(schema);

/** The policy, once the schema has accepted it. */
export function valid(policy) {
  assert.ok(policy !== undefined, "there is no policy");
  assert.ok(validate(policy), JSON.stringify(validate.errors));
  return policy;
}

/** The policy of an import that must have made one, without an entry that narrows. */
export function imported({ policy, unsupported }) {
  assert.deepEqual(
    unsupported.filter(({ narrows }) => narrows),
    [],
  );
  return valid(policy);
}

/** The entries that narrow, by place; there must be no policy. */
export function narrowed({ policy, unsupported }) {
  assert.equal(policy, undefined);
  return unsupported.filter(({ narrows }) => narrows).map(({ at }) => at);
}

/** Every place that is listed. There must be no policy, and a reason for that. */
export function refused({ policy, unsupported }) {
  assert.equal(policy, undefined);
  assert.notEqual(unsupported.length, 0);
  return unsupported.map(({ at }) => at);
}

/** Whether a pattern of ours matches: the whole text; `*` stops at slashes. */
export function matches(pattern, text) {
  if (typeof pattern === "string") return pattern === text;
  if ("regex" in pattern) return new RegExp(`^(?:${pattern.regex})$`, "u").test(text);
  const source = pattern.glob.replace(
    /\*\*|\*|\?|[.+^${}()|[\]\\]/gu,
    (found) => ({ "**": "[^]*", "*": "[^/]*", "?": "[^/]" })[found] ?? `\\${found}`,
  );
  return new RegExp(`^${source}$`, "u").test(text);
}

export const pem = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEg9KII7kzr/30HBluf00y9WwtMFkE
qc3oCcFVH3QJ37IBLUv/MUApbnNHFfD75ayJ/a0F45xa+MLv5zoep+GxsA==
-----END PUBLIC KEY-----
`;

export const otherPem = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdMcJUyKbmarf6dydhfmAjgmK6c42
oCCNRR1se3Bi3VO65KcGk6qyci6/bsu2s4u+dLKWrsUQomEw4v3FtVctoA==
-----END PUBLIC KEY-----
`;

export const data = process.env.ADMISSIBLE_TEST_DATA;

export const skip = data === undefined && "ADMISSIBLE_TEST_DATA is not set";

/** The published policies of a tool, each document with the name of its file. */
export function corpus(tool) {
  const folder = data === undefined ? "" : join(data, "corpus/policy", tool);
  const files = data !== undefined && existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".yaml")) : [];
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), "utf8")).map((document) => ({ file, document: document.toJS() })),
  );
}

/** Every value of a document, with its JSON pointer. */
function* values(value, at = "") {
  yield { at, value };
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* values(inner, `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
}

const isLeaf = (value) => typeof value !== "object" || value === null || Object.keys(value).length === 0;

/** A copy of a document with another value at a place. */
export function changed(document, at, value) {
  if (at === "") return value;
  const copy = structuredClone(document);
  const keys = at
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop();
  const parent = keys.reduce((of, key) => of[key], copy);
  parent[last] = value;
  return copy;
}

const keys = (list) => list.join("|");
const { document, spec, rule, verifyImages, attestation, attestor, imageValidatingPolicy, validation, cosign } = irrelevantToKyverno;
const irrelevant = [
  `^/(?:${keys(document)})(?:/|$)`,
  `^/spec/authorities/\\d+/(?:${keys(irrelevantToClusterImagePolicy.authority)})(?:/|$)`,
  `^/spec/(?:${keys([...spec, ...imageValidatingPolicy])})(?:/|$)`,
  `^/spec/rules/\\d+/(?:${keys(rule)})(?:/|$)`,
  `^/spec/rules/\\d+/verifyImages/\\d+/(?:${keys(verifyImages)})(?:/|$)`,
  `^/spec/rules/\\d+/verifyImages/\\d+/attestations/\\d+/(?:${keys(attestation)})(?:/|$)`,
  `/entries/\\d+/(?:${keys(attestor)})(?:/|$)`,
  `^/spec/validations/\\d+/(?:${keys(validation)})(?:/|$)`,
  `^/spec/attestors/\\d+/cosign/(?:${keys(cosign)})(?:/|$)`,
].map((shape) => new RegExp(shape, "u"));

/** Whether a place, or something that it is part of, is listed. */
const listed = ({ unsupported }, at) => unsupported.some((entry) => entry.at !== "" && (entry.at === at || at.startsWith(`${entry.at}/`)));

/**
 * What is not supported is listed, never ignored: each leaf is listed, or irrelevant, or the result depends on it, be it
 * that another kind of value in its place is refused. A key that nobody knows is listed wherever it stands, and then
 * there is no policy.
 */
export function everyLeafCounts(read, source) {
  const widely = (document) => read(document, { dangerouslyWiden: true });
  const result = widely(source);
  const text = JSON.stringify(result);
  for (const { at, value } of values(source)) {
    if (at === "" || irrelevant.some((shape) => shape.test(at)) || listed(result, at)) continue;
    if (isLeaf(value)) {
      const others = typeof value === "string" ? [`${value}x`, 7] : ["x"];
      assert.ok(
        others.some((other) => JSON.stringify(widely(changed(source, at, other))) !== text),
        `nothing depends on ${at}`,
      );
    }
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      const unknown = `${at}/unknownKey`;
      const other = read(changed(source, unknown, "x"));
      assert.ok(listed(other, unknown), `${unknown} is not listed`);
      // A map of extensions has no known keys: who asks for an unknown one is left out.
      if (!at.endsWith("/additionalExtensions")) assert.equal(other.policy, undefined, unknown);
    }
  }
}

/** Whatever stands in the place of a value, an importer does not throw, and what it makes is a policy. */
export function neverThrows(read, source) {
  for (const { at } of values(source)) {
    for (const hostile of [null, undefined, [], {}, "", "x", 0, -1, 1e300, true, [null], { x: [] }, new Date(0), "[", "{{ x }}"]) {
      const { policy, unsupported } = read(changed(source, at, hostile));
      if (policy === undefined) assert.notEqual(unsupported.length, 0, at);
      else valid(policy);
    }
  }
}
