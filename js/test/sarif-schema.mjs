// The schema of SARIF 2.1.0 that its authors publish. It is written for draft 4 of JSON Schema, of which it uses nothing that changed but `id`.

import { createRequire } from "node:module";
import { Ajv } from "ajv";

const { $schema: _, id: $id, ...schema } = createRequire(import.meta.url)("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile({ $id, ...schema });

/** What is wrong with a log; nothing when it is one. */
export function sarifErrors(log) {
  return validate(log) ? [] : validate.errors.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}
