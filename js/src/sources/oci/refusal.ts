import { printable } from "../../printable.js";
import { SourceUnavailable, type Answer } from "../fetching.js";

/** A refusal with what the server says of it, and what may help. */
export function refusal(url: string, { status, bytes }: Answer, hint?: string): SourceUnavailable {
  const words = said(bytes);
  const found = `found ${String(status)}${words === "" ? "" : `, "${printable(words)}"`}`;
  return new SourceUnavailable("refused", url, `expected an answer with status 200, ${found}${hint === undefined ? "" : `: ${hint}`}`, status);
}

/** The errors in a refusal (distribution-spec, "Error Codes"), or whatever token services write in their place; empty when it has none. */
function said(bytes: Uint8Array): string {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return "";
  }
  const { errors, ...other } = members(document);
  const listed = Array.isArray(errors) ? errors : [other];
  return listed.flatMap((item) => words(members(item))).join("; ");
}

function words({ code, message, details, error, error_description: description }: Readonly<Record<string, unknown>>): string[] {
  const texts = [code, message, details, error, description].filter((text) => typeof text === "string" && text !== "");
  return texts.length === 0 ? [] : [texts.join(": ")];
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
