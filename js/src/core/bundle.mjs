// Puts the modules that every entry loads into one file, core.js of the folder that is named: at the start of a program, each file costs more than what is
// in it. `cargo xtask build` runs this after tsc. The modules can be imported one by one as before, and are the same ones.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";

const dist = resolve(process.argv[2]);
const core = join(dist, "core.js");
const imported = (from, to) => relative(dirname(from), to).replace(/^(?!\.)/u, "./");

const bundle = (files) => buildSync({
  stdin: { contents: files.map((file) => `export * from ${JSON.stringify(`./${file}`)};`).join("\n"), resolveDir: dist },
  absWorkingDir: dist,
  outfile: core,
  bundle: true,
  write: false,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
  metafile: true,
});

const files = Object.keys(bundle(["index.js", "verifier.js"]).metafile.inputs).filter((file) => file !== "<stdin>");
const everything = new Map();
const stubs = new Map();
for (const file of files) {
  const module = await import(pathToFileURL(join(dist, file)));
  for (const [name, value] of Object.entries(module)) {
    // esbuild would leave out a name that is exported twice, and say nothing.
    if (everything.has(name) && everything.get(name) !== value) throw new Error(`${file} exports ${name}, and so does another module: in one file there can be but one`);
    everything.set(name, value);
  }
  stubs.set(join(dist, file), Object.keys(module));
}
const { outputFiles: [{ text }] } = bundle(files);
writeFileSync(core, text);
for (const [file, names] of stubs) writeFileSync(file, `export { ${names.join(", ")} } from "${imported(file, core)}";\n`);

for (const name of readdirSync(dist, { recursive: true })) {
  const file = join(dist, name);
  if (!name.endsWith(".js") || stubs.has(file) || file === core) continue;
  const script = readFileSync(file, "utf8");
  const from = (path) => stubs.get(resolve(dirname(file), path)) && imported(file, core);
  // What passes all names of a module on must not pass on all names of core.js.
  const direct = script
    .replaceAll(/^export \* from "(\.{1,2}\/[^"]+)";$/gmu, (all, path) => (from(path) ? `export { ${stubs.get(resolve(dirname(file), path)).join(", ")} } from "${from(path)}";` : all))
    .replaceAll(/(?<=^(?:import|export \{).* from ")\.{1,2}\/[^"]+(?=";$)/gmu, (path) => from(path) ?? path);
  if (direct !== script) writeFileSync(file, direct);
}
