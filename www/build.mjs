// Builds the page: the package is packed and unpacked as a stranger would get it, then bundled into dist, and into one file beside it.
//
//   node build.mjs [--check]     --check: the types alone

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as policy from "./policy.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = join(here, "dist");
const js = join(here, "../js");

/** What both builds have in common. */
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  legalComments: "none",
  target: ["chrome111", "firefox114", "safari16.4"],
  conditions: ["browser", "production"],
  loader: { ".wasm": "file", ".json": "json" },
  logLevel: "warning",
};

unpack();
const { status } = spawnSync(process.execPath, [join(js, "node_modules/typescript/bin/tsc"), "--project", here], { stdio: "inherit" });
if (status !== 0) process.exit(1);
if (!process.argv.includes("--check")) {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  await hosted();
  await single();
}

/** Packs the built package and unpacks it to where an installation would put it. */
function unpack() {
  const folder = mkdtempSync(join(tmpdir(), "admissible-www-"));
  const target = join(here, "node_modules/admissible");
  try {
    execFileSync(process.platform === "win32" ? "npm.cmd" : "npm", ["pack", js, "--pack-destination", folder], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    const [tarball] = readdirSync(folder);
    execFileSync("tar", ["-xzf", tarball], { cwd: folder });
    rmSync(target, { recursive: true, force: true });
    cpSync(join(folder, "package"), target, { recursive: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The page whose files lie beside it, each under a name that holds its hash, and the service worker that keeps them. */
async function hosted() {
  const { metafile } = await build({
    ...common,
    entryPoints: { page: "src/main.ts", style: "style/index.css" },
    outdir: dist,
    format: "esm",
    splitting: true,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    metafile: true,
  });
  const outputs = Object.entries(metafile.outputs).map(([path, { entryPoint, imports }]) => ({ name: relative("dist", path), entryPoint, imports }));
  const entry = (point) => outputs.find(({ entryPoint }) => entryPoint === point).name;
  const module = outputs.find(({ name }) => name.endsWith(".wasm")).name;
  // What the first view takes is fetched at once, and not one after the other.
  const needed = new Set();
  const need = (name) => {
    if (needed.has(name)) return;
    needed.add(name);
    for (const { path, kind } of outputs.find((output) => output.name === name).imports) if (kind === "import-statement") need(relative("dist", path));
  };
  need(entry("src/main.ts"));
  need(entry("src/verify/view.ts"));
  needed.delete(entry("src/main.ts"));
  const head = [
    `<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(readFileSync(join(here, "icon.svg"), "utf8").trim())}">`,
    `<link rel="stylesheet" href="./${entry("style/index.css")}">`,
    `<link rel="preload" as="fetch" type="application/wasm" crossorigin href="./${module}">`,
    ...[...needed].map((name) => `<link rel="modulepreload" href="./${name}">`),
    `<script type="module" src="./${entry("src/main.ts")}"></script>`,
  ];
  // Under the name by which the pool looks for it.
  await build({ ...common, entryPoints: { "pool-worker-web": "node_modules/admissible/dist/entries/pool-worker-web.js" }, outdir: dist, format: "esm" });
  page("index.html", policy.hosted, head, "<html lang=\"en\" data-hosted>");
  copySamples();
  const kept = files(dist).sort();
  const version = createHash("sha256");
  for (const name of kept) version.update(name).update("\0").update(readFileSync(join(dist, name)));
  await build({
    ...common,
    entryPoints: ["src/sw.ts"],
    outfile: join(dist, "sw.js"),
    format: "iife",
    define: {
      PRECACHE: JSON.stringify(kept.map((name) => (name === "index.html" ? "./" : `./${name}`))),
      VERSION: JSON.stringify(version.digest("hex").slice(0, 16)),
    },
  });
}

/** The same as one file, which needs no server. */
async function single() {
  const inline = { name: "inline", setup: ({ onResolve }) => onResolve({ filter: /\/engine\/hosted\.js$/ }, () => ({ path: join(here, "src/engine/inline.ts") })) };
  const { outputFiles } = await build({ ...common, entryPoints: { page: "src/main.ts", style: "style/index.css" }, outdir: dist, format: "iife", write: false, plugins: [inline] });
  const text = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text.trim();
  const [script, style] = [text(".js").replaceAll("</script", "<\\/script"), text(".css")];
  const hash = (content) => `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
  // The script comes last: it needs the body.
  page("admissible.html", policy.single([hash(script)], [hash(style)]), [`<style>${style}</style>`], "<html lang=\"en\">", `<script>${script}</script>\n</body>`);
}

/** Writes a page from the template. */
function page(name, contentPolicy, head, root, end = "</body>") {
  const parts = { "<html lang=\"en\">": root, "{{policy}}": contentPolicy, "{{head}}": head.join("\n"), "</body>": end };
  let html = readFileSync(join(here, "index.html"), "utf8");
  for (const [place, content] of Object.entries(parts)) {
    if (html.split(place).length !== 2) throw new Error(`index.html has ${place} not once`);
    html = html.replace(place, () => content);
  }
  writeFileSync(join(dist, name), html);
}

/** What the samples are made of, when they were minted. */
function copySamples() {
  const samples = join(here, "samples");
  if (existsSync(samples)) cpSync(samples, join(dist, "samples"), { recursive: true });
}

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).replaceAll("\\", "/"));
}
