// Next.js, by both of its bundlers: a route handler in Node.js, a function of the edge, and a page, built offline and started.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, test } from "node:test";
import { holds, input, judged, manifest, pooled, runInChromium } from "./bundlers/outputs.mjs";
import { consumer, tool, write } from "./consumer.mjs";

const { version } = createRequire(import.meta.url)("next/package.json");

const imports = `
import * as admissible from "admissible";
import { run } from "#suite";
`;
const respond = "async (request) => Response.json(await run(admissible, await request.json()))";

const page = (imports) => `
"use client";
import { useEffect } from "react";
${imports}
export default function Page() {
  useEffect(() => {
    globalThis.outcome ??= fetch("/input.json").then((response) => response.json()).then((input) => run(admissible, input));
  }, []);
  return <main>{typeof admissible.UsageError}</main>;
}
`;
const route = (imports) => `${imports}export const POST = ${respond};`;
const ofPool = pooled(imports).replace("admissible\"", "admissible/pool\"");

const project = consumer({
  ...manifest,
  "app/layout.js": 'export default ({ children }) => <html lang="en"><body>{children}</body></html>;',
  "app/page.js": page(imports),
  "app/pool/page.js": page(ofPool),
  "app/node/route.js": route(imports),
  "app/node/pool/route.js": route(ofPool),
  "public/input.json": input,
});
after(project.remove);
for (const name of ["next", "react", "react-dom"]) symlinkSync(tool(name), join(project.folder, "node_modules", name));

const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
const next = tool("next/dist/bin/next");

function build(...flags) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [next, "build", ...flags], { cwd: project.folder, env, encoding: "utf8", timeout: 120_000 });
  assert.equal(status, 0, stdout + stderr);
}

/** Starts what was built while `work` runs. */
async function started(work) {
  const server = spawn(process.execPath, [next, "start", "--hostname", "127.0.0.1", "--port", "0"], { cwd: project.folder, env });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  try {
    let log = "";
    const url = await new Promise((resolve, reject) => {
      const listen = (text) => {
        log += text;
        const [local] = log.match(/http:\/\/127\.0\.0\.1:\d+/u) ?? [];
        if (local !== undefined && log.includes("Ready")) resolve(local);
      };
      server.stdout.setEncoding("utf8").on("data", listen);
      server.stderr.setEncoding("utf8").on("data", listen);
      AbortSignal.timeout(30_000).addEventListener("abort", () => reject(new Error(log)));
      ended.then(() => reject(new Error(log)));
    });
    await work(url);
  } finally {
    server.kill();
    await ended;
  }
}

/** Each part of the application. A page is served one copy of the module. */
async function tried(bundler, edge) {
  holds(1, join(project.folder, ".next/static"));
  await started(async (url) => {
    for (const [path, what] of [["/node", "route handler, Node.js"], ["/node/pool", "route handler with a pool, Node.js"], [edge, "function, edge"]]) {
      const response = await fetch(url + path, { method: "POST", body: input, signal: AbortSignal.timeout(30_000) });
      assert.equal(response.status, 200, await response.clone().text());
      judged("Next.js", version, `${bundler}: ${what}`, await response.json());
    }
    judged("Next.js", version, `${bundler}: page`, await runInChromium(url));
    judged("Next.js", version, `${bundler}: page with a pool`, await runInChromium(`${url}/pool`));
  });
}

const configured = (configuration) => writeFileSync(join(project.folder, "next.config.mjs"), `export default ${JSON.stringify(configuration)};`);

test(`Next.js ${version} with Turbopack needs to be told nothing`, { timeout: 180_000 }, async () => {
  // The root is for these suites alone, whose Next.js is outside of the project.
  configured({ turbopack: { root: "/" } });
  write(project.folder, { "app/edge/route.js": `${imports}export const runtime = "edge";\nexport const POST = ${respond};` });
  build();
  const [installed, away] = ["admissible", "away"].map((name) => join(project.folder, "node_modules", name));
  renameSync(installed, away);
  try {
    await tried("Turbopack", "/edge");
  } finally {
    renameSync(away, installed);
  }
});

test(`Next.js ${version} with webpack leaves the package out of the server's code`, { timeout: 180_000 }, async () => {
  configured({ serverExternalPackages: ["admissible"] });
  // With webpack, this version of Next.js writes no manifest for a route handler of the edge, whatever it holds, and so cannot build one.
  rmSync(join(project.folder, "app/edge"), { recursive: true, force: true });
  write(project.folder, {
    "pages/api/edge.js": `${imports}export const config = { runtime: "edge" };\nexport default ${respond};`,
  });
  build("--webpack");
  await tried("webpack", "/api/edge");
});
