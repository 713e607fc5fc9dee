import { UsageError } from "../errors.js";
import { SourceUnavailable } from "../sources/fetching.js";
import { address } from "./address.js";
import { bodyPath, indexPath, readIndex } from "./saved.js";
import { sha256, type Fetch, type Store } from "./store.js";

/**
 * A `fetch` that answers from what a `Recording` saved, and asks nobody. What is there is believed no more than a network's answers; what is not is
 * `not-saved`, for "never asked" is not "none found".
 *
 * @throws UsageError `invalid-argument` when the store has no index, or what is there is none
 */
export async function replay(store: Pick<Store, "read">): Promise<Fetch> {
  const index = await store.read(indexPath);
  if (index === undefined) throw new UsageError("invalid-argument", `there is no ${indexPath}: no evidence was saved here`);
  const answers = readIndex(index);
  return async (url, init) => {
    const saved = (init.method ?? "GET") === "GET" ? answers.get(address(url)) : undefined;
    if (saved === undefined) throw new SourceUnavailable("not-saved", address(url), "expected a saved answer, found none");
    const { status, headers, sha256: digest } = saved;
    const body = digest === undefined ? null : await bodyOf(store, digest, saved.url);
    return new Response(body, { status, headers });
  };
}

async function bodyOf(store: Pick<Store, "read">, digest: string, url: string): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = await store.read(bodyPath(digest));
  } catch (cause) {
    throw new SourceUnavailable("malformed", url, "the saved answer cannot be read", undefined, { cause });
  }
  if (bytes === undefined) throw new SourceUnavailable("malformed", url, `expected the saved answer at ${bodyPath(digest)}, found nothing`);
  if ((await sha256(bytes)) !== digest) throw new SourceUnavailable("malformed", url, `expected the saved answer at ${bodyPath(digest)}, found other bytes`);
  return bytes as Uint8Array<ArrayBuffer>;
}
