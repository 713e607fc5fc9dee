/** A `fetch` as the adapters take it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Where answers are kept: a folder, a bucket, a cache. Paths are `index.json`, `bodies/<sha256>` and `bundles/<sha256>.sigstore.json`, and never
 * what a server or a stored file says.
 */
export interface Store {
  /** What is at a path; `undefined` where there is nothing. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Puts all of it there, or nothing. */
  write(path: string, bytes: Uint8Array): Promise<void>;
}

/** The SHA-256 of bytes, in hexadecimal. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
