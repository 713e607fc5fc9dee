// What an application does not use is not in what its bundler writes.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build, version as esbuildVersion } from "esbuild";
import { rollup, VERSION as rollupVersion } from "rollup";
import { consumer, write } from "./consumer.mjs";

const project = consumer();
after(project.remove);
const installed = join(project.folder, "node_modules/admissible");

/** Each gives the output's text, and the files of the package that left something in it. */
const bundlers = {
  async [`esbuild ${esbuildVersion}`](input) {
    const { metafile, outputFiles } = await build({
      absWorkingDir: project.folder,
      entryPoints: [input],
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      logLevel: "error",
    });
    const [{ inputs }] = Object.values(metafile.outputs);
    const left = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);
    return { text: outputFiles[0].text, files: left.map((path) => join(project.folder, path)) };
  },
  async [`Rollup ${rollupVersion}`](input) {
    const bundle = await rollup({ input: join(project.folder, input), plugins: [nodeResolve({ browser: true })], onwarn: ({ message }) => assert.fail(message) });
    const { output } = await bundle.generate({});
    await bundle.close();
    const left = Object.entries(output[0].modules).filter(([, { renderedLength }]) => renderedLength > 0);
    return { text: output[0].code, files: left.map(([path]) => path) };
  },
};

/** Words that stand in the code of one part, and so tell of it in an output whose files are not to be told apart any more. */
const markers = {
  "core.js": "this runtime loads WebAssembly asynchronously",
  "policy/import/": "policy-controller knows no such resource",
  "policy/presets.js": "the name of a PyPI project",
  "gate/": "evidence-unavailable",
  "badge/german.js": "Die Nachweise halten nicht stand",
  "badge/": "The evidence does not hold",
  "pool/": "workers ended over it",
  "element/": "provenance-copy",
  "cli/": "--certificate-identity is missing",
};

/** What verifying takes: an entry and its way to the module, and core.js, of which other parts take some functions. */
const core = /^core\.js$|^entries\/(?:module-)?web\.js$/u;

const applications = [
  { tried: "createVerifier", main: 'import { createVerifier } from "admissible"; console.log(await createVerifier());', parts: core, holds: ["core.js"] },
  {
    tried: "one preset",
    main: 'import { github } from "admissible/policy"; console.log(github({ repository: "acme/app" }));',
    parts: /^core\.js$|^policy\/\w+\.js$/u,
    holds: [],
  },
  {
    tried: "one importer",
    main: 'import { fromCosignFlags } from "admissible/policy"; console.log(fromCosignFlags([]));',
    parts: /^core\.js$|^policy\/(?!presets)/u,
    holds: [],
  },
  {
    tried: "the gate",
    main: 'import { gate } from "admissible/gate"; console.log(gate);',
    parts: new RegExp(`${core.source}|^(?:evaluation|markup)\\.js$|^gate/`, "u"),
    holds: ["gate/"],
  },
  {
    tried: "a badge",
    main: 'import { badge, badgeSvg } from "admissible/badge"; console.log(badgeSvg(badge({ error: 1 })));',
    parts: /^(?:core|evaluation|markup|printable)\.js$|^offline\/address\.js$|^badge\/(?!german|html|css)/u,
    holds: ["badge/"],
  },
  {
    tried: "the elements",
    main: 'import "admissible/element";',
    parts: /^(?:core|evaluation|printable)\.js$|^offline\/address\.js$|^badge\/(?!german|html|css|svg|layout)|^element\/|^vendor\/lit\//u,
    holds: ["badge/", "element/"],
  },
  {
    tried: "the pool",
    main: 'import { createPool } from "admissible/pool"; console.log(await createPool());',
    parts: new RegExp(`${core.source}|^entries/pool-web|^pool/(?!serve|threads)`, "u"),
    holds: ["core.js", "pool/"],
  },
  {
    tried: "all importers, and the presets",
    main: 'import * as policy from "admissible/policy"; console.log(policy);',
    parts: /^core\.js$|^policy\//u,
    holds: ["policy/import/", "policy/presets.js"],
  },
];

test("each marker stands in the files of its part alone", () => {
  const dist = join(installed, "dist");
  const files = readdirSync(dist, { recursive: true }).filter((path) => path.endsWith(".js"));
  for (const [part, marker] of Object.entries(markers)) {
    const having = files.filter((path) => readFileSync(join(dist, path), "utf8").includes(marker));
    assert.ok(having.length > 0, marker);
    assert.deepEqual(having.filter((path) => !path.startsWith(part)), [], marker);
  }
});

for (const [bundler, bundled] of Object.entries(bundlers)) {
  for (const { tried, main, parts, holds } of applications) {
    test(`${bundler}: ${tried} brings no other part along`, async () => {
      write(project.folder, { "main.mjs": main });
      const { text, files } = await bundled("main.mjs");
      const ours = files.map((path) => relative(join(installed, "dist"), path)).filter((path) => !path.startsWith(".."));
      assert.ok(ours.length > 0);
      assert.deepEqual(ours.filter((path) => !parts.test(path)), []);
      const found = Object.entries(markers).filter(([, marker]) => text.includes(marker)).map(([part]) => part);
      assert.deepEqual(found, holds);
    });
  }
}
