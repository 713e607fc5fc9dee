/** What a refusal says in words: a registry's errors (distribution-spec, "Error Codes"), or what others write in their place; empty when it says nothing. */
export function said(bytes: Uint8Array): string {
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
