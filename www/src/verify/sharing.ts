import { forms, type Trust, type TrustKind } from "./trust.js";

/** What a link says. Whoever made it wrote it, so nothing of it is done before the visitor has agreed. */
export interface Shared {
  /** What to ask a registry about, as it is typed. */
  readonly typed?: string;
  readonly trust?: Trust;
  readonly bundles?: readonly string[];
  /** The artifact, as `sha256:…`. */
  readonly digest?: string;
}

/** The longest link: longer ones are cut by programs on the way. */
export const longestLink = 32_000;

/** What a link may unpack to. */
const mostUnpacked = 4 * 1024 * 1024;

/** The most bundles of a link: each is a line of the page, and nothing takes less room in a link than many empty ones. */
const mostBundles = 256;

/** The longest answer to whom a link trusts: it is shown whole. */
const mostShown = 64 * 1024;

/** The parameters of a link, or `undefined` where it would be too long. */
export async function share({ typed, trust, bundles, digest }: Shared): Promise<Readonly<Record<string, string>> | undefined> {
  const parameters: Record<string, string> = {};
  if (typed !== undefined && typed !== "") parameters["ref"] = typed;
  if (digest !== undefined) parameters["digest"] = digest;
  if (bundles !== undefined && bundles.length > 0) parameters["bundles"] = await pack(JSON.stringify(bundles));
  if (trust !== undefined && trust.kind !== "none") {
    const { kind, fields } = trust;
    parameters["trust"] = kind;
    if (kind === "document") parameters["policy"] = await pack(fields["text"] ?? "");
    for (const { name } of forms[kind].fields) if ((fields[name] ?? "") !== "") parameters[name] = fields[name] ?? "";
  }
  return Object.values(parameters).reduce((sum, value) => sum + value.length, 0) > longestLink ? undefined : parameters;
}

/** What the parameters of a link say. @throws Error for a link that was cut, or was made by hand and wrongly */
export async function shared(parameters: URLSearchParams): Promise<Shared> {
  const [typed, digest, packed, kind] = ["ref", "digest", "bundles", "trust"].map((name) => parameters.get(name) ?? undefined);
  const bundles = packed === undefined ? undefined : listOf(await unpack(packed));
  return {
    ...(typed !== undefined && { typed }),
    ...(digest !== undefined && { digest }),
    ...(bundles !== undefined && { bundles }),
    ...(kind !== undefined && { trust: await trustOf(kind, parameters) }),
  };
}

async function trustOf(kind: string, parameters: URLSearchParams): Promise<Trust> {
  if (!Object.hasOwn(forms, kind)) throw new Error("it names a kind of policy that this page does not know");
  const named = kind as TrustKind;
  const fields = named === "document"
    ? { text: await unpack(parameters.get("policy") ?? "") }
    : Object.fromEntries(forms[named].fields.map(({ name }) => [name, parameters.get(name) ?? ""]));
  if (Object.values(fields).some((value) => value.length > mostShown)) throw new Error("it holds more than a link may");
  return { kind: named, fields };
}

function listOf(text: string): readonly string[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list) || !list.every((item) => typeof item === "string")) throw new Error("its evidence is no list of bundles");
  if (list.length > mostBundles) throw new Error("it holds more than a link may");
  return list as string[];
}

async function pack(text: string): Promise<string> {
  const compressed = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(compressed).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replace(/\+/gu, "-").replace(/\//gu, "_").replace(/=+$/u, "");
}

async function unpack(packed: string): Promise<string> {
  const bytes = Uint8Array.from(atob(packed.replace(/-/gu, "+").replace(/_/gu, "/")), (character) => character.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    length += piece.value.length;
    if (length > mostUnpacked) {
      void reader.cancel();
      throw new Error("it holds more than a link may");
    }
    pieces.push(piece.value as Uint8Array<ArrayBuffer>);
  }
  return new Blob(pieces).text();
}
