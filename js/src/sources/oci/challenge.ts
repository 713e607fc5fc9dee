/** What a registry answers to a request by nobody: how to say who asks (RFC 9110 §11.6.1). */
export interface Challenge {
  /** In lower case: `bearer`, `basic` or another. */
  readonly scheme: string;
  /** By their names in lower case; the first of each name. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** The challenges of a header, of which one may hold several. What breaks its grammar ends it. */
export function readChallenges(header: string): readonly Challenge[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  // A parameter, its value quoted or not; or else a scheme.
  const part = /[\s,]*(?:([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([\w!#$%&'*+.^`|~-]+)(?=[\s,]|$))/uy;
  for (let match = part.exec(header); match !== null; match = part.exec(header)) {
    const [, name, quoted, bare, scheme] = match;
    if (scheme !== undefined) found.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
    const { parameters } = found.at(-1) ?? {};
    if (name === undefined || parameters === undefined || parameters.has(name.toLowerCase())) continue;
    parameters.set(name.toLowerCase(), bare ?? String(quoted).replace(/\\(.)/gu, "$1"));
  }
  return found;
}
