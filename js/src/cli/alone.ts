import { randomUUID } from "node:crypto";
import { mkdir, readFile, readlink, rename, rm, writeFile } from "node:fs/promises";
import { hostname, uptime } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { folder } from "./folder.js";
import { Misuse } from "./misuse.js";
import { printable } from "./terminal.js";

/** Milliseconds that a download waits for another to have saved: that takes no more than writing files. */
const patience = 5_000;

/** The file that says that somebody saves. */
const name = "index.json.lock";

/** Does what changes the folder while nobody else does: of two that save at once, one would lose what it saved. */
export async function alone<Done>(root: string, work: () => Promise<Done>): Promise<Done> {
  await mkdir(root, { recursive: true });
  if (await take(root, name, await here(), Date.now() + patience)) {
    process.stderr.write(`took over ${printable(join(root, name))}, which a download that was killed left behind\n`);
  }
  try {
    return await work();
  } finally {
    await rm(join(root, name), { force: true });
  }
}

/** Takes the lock; `true` when it was that of a process that is gone. */
async function take(root: string, lock: string, place: string | undefined, until: number): Promise<boolean> {
  for (;;) {
    try {
      // The id tells this one from any other, also of a process that gets the same number later.
      await writeFile(join(root, lock), JSON.stringify({ pid: process.pid, place, id: randomUUID() }), { flag: "wx" });
      return false;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const held = await textOf(root, lock);
    if (held !== undefined && isLeft(held, place)) {
      // Of several that find it left behind, the one that holds the heir's lock replaces it. If that one is killed too, its lock is taken over like any.
      const heir = `${lock}.heir`;
      await take(root, heir, place, until);
      if ((await textOf(root, lock)) === held) {
        await rename(join(root, heir), join(root, lock));
        return true;
      }
      await rm(join(root, heir), { force: true });
    } else if (Date.now() > until) {
      throw new Misuse(`--to: another download is saving into this folder; if none is, remove ${join(root, lock)}`);
    } else {
      await setTimeout(20);
    }
  }
}

/** What is in the lock; `undefined` where there is none, or none that can be read. */
async function textOf(root: string, lock: string): Promise<string | undefined> {
  const bytes = await folder(root).read(lock).catch(() => undefined);
  return bytes && new TextDecoder().decode(bytes);
}

/** Whether it is certain that a lock's process is gone. Whatever else is in it counts as somebody who saves. */
function isLeft(text: string, place: string | undefined): boolean {
  let lock: { readonly pid?: unknown; readonly place?: unknown } | null;
  try {
    lock = JSON.parse(text) as typeof lock;
  } catch {
    return false;
  }
  if (place === undefined || lock?.place !== place || typeof lock.pid !== "number" || lock.pid <= 0) return false;
  try {
    process.kill(lock.pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

/**
 * Where numbers of processes mean what they mean here: on this host since it was started, in this container. Others may share the folder, and
 * hosts a name. `undefined` where that cannot be told.
 */
async function here(): Promise<string | undefined> {
  if (process.platform !== "linux") return `${hostname()} ${String(Math.round((Date.now() / 1000 - uptime()) / startedWithin))}`;
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${hostname()} ${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

/** Seconds to which it is known when the host was started, as clocks are set meanwhile. */
const startedWithin = 600;
