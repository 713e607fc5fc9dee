// What processes hold in memory, as Linux tells.

import { readdirSync, readFileSync } from "node:fs";

/** Resident memory of a process, in bytes. */
export function residentMemory(pid) {
  return Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/^VmRSS:\s+(\d+) kB$/mu)[1]) * 1024;
}

/** The processes below this one whose command line contains a text. */
export function descendants(text) {
  const all = readdirSync("/proc").filter((entry) => /^\d+$/u.test(entry)).flatMap((pid) => {
    try {
      const parent = readFileSync(`/proc/${pid}/stat`, "utf8").match(/\) \S (\d+) /u)[1];
      return [{ pid, parent, command: readFileSync(`/proc/${pid}/cmdline`, "utf8") }];
    } catch {
      return []; // It ended meanwhile.
    }
  });
  const below = (parent) => all.filter((process) => process.parent === parent).flatMap((process) => [process, ...below(process.pid)]);
  return below(String(process.pid)).filter(({ command }) => command.includes(text)).map(({ pid }) => pid);
}
