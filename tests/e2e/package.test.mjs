// The package itself, as its tarball: what tools say of it, that importing it does nothing, how it is required, and its types.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build } from "esbuild";
import { publint } from "publint";
import { rollup } from "rollup";
import { consumer, tool, write } from "./consumer.mjs";
import { nodes } from "./runtimes/commands.mjs";

const project = consumer();
after(project.remove);
const { folder, tarball } = project;
const manifest = JSON.parse(readFileSync(join(folder, "node_modules/admissible/package.json"), "utf8"));

/** What can be imported, by whether it is code, and what of it has types. */
const names = Object.keys(manifest.exports).map((path) => path.replace(/^\./u, "admissible"));
const target = (name) => manifest.exports[name.replace("admissible", ".")];
const scripts = names.filter((name) => target(name).default?.endsWith(".js"));
const typed = names.filter((name) => target(name).types !== undefined);

test("the exports are what these tests think they are", () => {
  for (const name of ["admissible", "admissible/policy", "admissible/slim", "admissible/inline"]) assert.ok(scripts.includes(name), name);
  assert.deepEqual(typed, [...scripts, "admissible/core.wasm", "admissible/core-baseline.wasm"]);
});

test("the modules name no folder of the machine on which they were built", () => {
  for (const name of ["core.wasm", "core-baseline.wasm"]) {
    const text = readFileSync(join(folder, "node_modules/admissible/dist/wasm", name)).toString("latin1");
    assert.match(text, /crypto-bigint-[\d.]+\/src/u, "it names files of other crates");
    for (const where of ["registry/src", `${homedir()}/`, "index.crates.io"]) assert.ok(!text.includes(where), where);
  }
});

test("publint has nothing to say", async () => {
  const bytes = new Uint8Array(readFileSync(tarball));
  assert.deepEqual((await publint({ pack: { tarball: bytes.buffer }, strict: true })).messages, []);
});

test("the types are not wrong", () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [tool("@arethetypeswrong/cli/dist/index.js"), "--profile", "esm-only", tarball], { encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
  for (const name of names) assert.ok(stdout.includes(`"${name}"`), `${name} was looked at`);
});

/** What defines elements by being imported. */
const defining = "admissible/element";

test("only the elements do something by being imported, and that is left where they are", async () => {
  assert.deepEqual(manifest.sideEffects, [target(defining).default]);
  const { outputFiles } = await build({ stdin: { contents: `import ${JSON.stringify(defining)};`, resolveDir: folder }, bundle: true, write: false, format: "esm", logLevel: "error" });
  for (const name of ["provenance-badge", "provenance-report"]) assert.ok(outputFiles[0].text.includes(`define("${name}"`), name);
});

for (const name of scripts.filter((each) => each !== defining)) {
  test(`importing ${name} does nothing, as the package says`, async () => {
    const { outputFiles } = await build({
      stdin: { contents: `import ${JSON.stringify(name)};`, resolveDir: folder },
      bundle: true,
      write: false,
      format: "esm",
      logLevel: "error",
    });
    assert.equal(outputFiles[0].text, "");
  });

  test(`importing ${name} does nothing, as Rollup finds when it looks`, async () => {
    const unbelieving = {
      name: "unbelieving",
      async resolveId(source, importer, options) {
        if (options.custom?.asked === true) return null;
        const resolved = await this.resolve(source, importer, { skipSelf: true, custom: { asked: true } });
        return resolved === null ? null : { ...resolved, moduleSideEffects: true };
      },
    };
    write(folder, { "bare.mjs": `import ${JSON.stringify(name)};` });
    const bundle = await rollup({
      input: join(folder, "bare.mjs"),
      external: /^node:/u,
      plugins: [unbelieving, nodeResolve({ exportConditions: ["node"] })],
      onwarn: ({ code, message }) => assert.equal(code, "EMPTY_BUNDLE", message),
    });
    const { output } = await bundle.generate({});
    await bundle.close();
    assert.equal(output[0].code.replace(/^import 'node:\w+';$/gmu, "").trim(), "");
  });
}

/** CommonJS that requires everything, and makes a verifier. */
const requires = `
const { createVerifierSync } = require("admissible");
for (const name of ${JSON.stringify(scripts)}) require(name);
console.log(typeof createVerifierSync().verifySync);
`;

for (const { name, version, program } of nodes) {
  test(`${name} ${version}: the package can be required`, () => {
    write(folder, { "requires.cjs": requires });
    const { stdout, stderr, status } = spawnSync(program, ["requires.cjs"], { cwd: folder, encoding: "utf8" });
    assert.deepEqual({ stdout, stderr, status }, { stdout: "function\n", stderr: "", status: 0 });
  });
}

test("a Node.js that cannot require ESM says so", () => {
  write(folder, { "requires.cjs": requires });
  const { stderr, status } = spawnSync(nodes[0].program, ["--no-experimental-require-module", "requires.cjs"], { cwd: folder, encoding: "utf8" });
  assert.equal(status, 1);
  assert.match(stderr, /ERR_REQUIRE_ESM/u);
  assert.match(stderr, /dynamic import\(\)/u);
});

const js = fileURLToPath(new URL("../../js/", import.meta.url));
const here = fileURLToPath(new URL("package/", import.meta.url));
const tsc = join(js, "node_modules/typescript/bin/tsc");
cpSync(here, join(folder, "types"), { recursive: true });
write(folder, {
  "types/entries.ts": typed.map((name, at) => `export * as entry${at} from ${JSON.stringify(name)};`).join("\n"),
});

const environments = [
  { name: "the DOM library", lib: ["ES2022", "DOM"], files: ["webassembly.ts"] },
  { name: "the WebWorker library", lib: ["ES2022", "WebWorker"], files: ["webassembly.ts"] },
  ...[join(js, "node_modules"), tool("")].map((modules) => {
    const { version } = JSON.parse(readFileSync(join(modules, "@types/node/package.json"), "utf8"));
    return { name: `@types/node ${version} alone`, lib: ["ES2022"], types: join(modules, "@types/node"), files: [] };
  }),
];

for (const { name, lib, types, files } of environments) {
  for (const [resolution, module] of [["node16", "node16"], ["nodenext", "nodenext"], ["bundler", "esnext"]]) {
    test(`the types hold with ${name} and module resolution ${resolution}`, () => {
      const installed = join(folder, "node_modules/@types");
      rmSync(installed, { recursive: true, force: true });
      mkdirSync(installed);
      if (types !== undefined) symlinkSync(types, join(installed, "node"));
      const compilerOptions = {
        module,
        moduleResolution: resolution,
        target: "ES2022",
        lib,
        types: types === undefined ? [] : ["node"],
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
      };
      write(folder, { "types/tsconfig.json": JSON.stringify({ compilerOptions, files: ["entries.ts", "uses.ts", ...files] }) });
      const { stdout, stderr, status } = spawnSync(process.execPath, [tsc, "--project", "types"], { cwd: folder, encoding: "utf8" });
      assert.equal(status, 0, stdout + stderr);
    });
  }
}
