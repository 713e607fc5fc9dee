// A stranger's project: the packed package, installed from its tarball, and nothing else of this repository.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const js = fileURLToPath(new URL("../../js/", import.meta.url));
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** The path of an installed development tool of these suites, such as `deno` or `node22/bin/node`. */
export const tool = (path) => join(here, "node_modules", path);

/**
 * Packs the built package and installs the tarball in a new project in a temporary folder.
 *
 * @param {Record<string, string>} files more files of the project, by path; package.json is written unless given
 * @returns {{ folder: string, tarball: string, remove(): void }}
 */
export function consumer(files = {}) {
  const folder = mkdtempSync(join(tmpdir(), "admissible-consumer-"));
  execFileSync(npm, ["pack", js, "--pack-destination", folder], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  const name = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  if (name === undefined) throw new Error("npm pack wrote no tarball");
  const tarball = join(folder, name);
  write(folder, { "package.json": JSON.stringify({ private: true, type: "module" }), ...files });
  execFileSync(npm, ["install", "--no-fund", "--no-audit", "--offline", tarball], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  for (const suite of ["suite.mjs", "pool-suite.mjs"]) cpSync(join(here, "suite", suite), join(folder, suite));
  return { folder, tarball, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Writes files below a folder, by path. */
export function write(folder, files) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
