import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UsageError } from "../errors.js";
import { replay, type Fetch, type Store } from "../offline/index.js";
import { reason } from "./arguments.js";
import { Misuse } from "./misuse.js";

/** The largest file that is read: as large as an answer may be. */
const mostBytes = 64 * 1024 * 1024;

/** A folder in which evidence is kept. It may come from anybody: only plain files in it are read, up to a size. */
export function folder(root: string): Store {
  return {
    async read(path) {
      let file;
      try {
        // A pipe would be waited for, and a link leads elsewhere.
        file = await open(join(root, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      }
      try {
        const stat = await file.stat();
        if (!stat.isFile() || stat.size > mostBytes) throw new Error(`expected a file of at most ${String(mostBytes)} bytes`);
        return await file.readFile();
      } finally {
        await file.close();
      }
    },
    async write(path, bytes) {
      const target = join(root, path);
      const unfinished = `${target}.${randomUUID()}.tmp`;
      await mkdir(dirname(target), { recursive: true });
      try {
        await writeFile(unfinished, bytes, { flag: "wx" });
        await rename(unfinished, target);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
    },
  };
}

/** What `--offline` says, as options for adapters: they ask the folder, and nobody else. */
export async function asking(offline: string | undefined): Promise<{ readonly fetch?: Fetch }> {
  if (offline === undefined) return {};
  try {
    return { fetch: await replay(folder(offline)) };
  } catch (error) {
    throw unusable(error, offline, "--offline");
  }
}

/** An error of the file system, or of what is in the folder, as one of the command line's. */
export function unusable(error: unknown, path: string, flag: string): unknown {
  if (error instanceof UsageError) return new UsageError(error.code, `${flag} ${path}: ${error.message}`, error.at, { cause: error });
  if (!(error instanceof Error && "code" in error) || error.name !== "Error") return error;
  return new Misuse(`${flag}: ${["ENOTDIR", "EEXIST"].includes(String(error.code)) ? "that is a file, not a folder" : reason(error)} (${path})`);
}
