// The gate in front of a server that errs in every way, in every host that serves Request and Response.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { after, test } from "node:test";
import { consumer, write } from "./consumer.mjs";
import { hosts } from "./gate/hosts.mjs";
import { browserScenarios, scenarios, Trials } from "./gate/scenarios.mjs";
import { evidence, setup } from "./gate/setup.mjs";
import { startUpstream } from "./gate/upstream.mjs";
import { record } from "./matrix.mjs";

const project = consumer();
after(project.remove);

const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

/** The upstream serves the project too, for a page. */
const inProject = (path) => {
  const file = join(project.folder, path);
  const type = types[extname(path)];
  return type !== undefined && existsSync(file) ? { type, content: readFileSync(file) } : undefined;
};

const upstream = await startUpstream((path) => evidence(path) ?? inProject(path));
after(upstream.close);
write(project.folder, { "handler.mjs": readFileSync(new URL("gate/handler.mjs", import.meta.url)) });
write(project.folder, { "setup.mjs": `export default ${JSON.stringify(setup(upstream.url))};` });

for (const { name, version, start } of hosts) {
  test(`${name} ${version}: the gate`, { timeout: 120_000 }, async (t) => {
    const host = { name: `${name}-${version}`, grown: [], ...(await start(project.folder, upstream.url)) };
    t.after(() => host.stop());
    const trials = new Trials(host, upstream);
    const all = Object.entries({ ...scenarios, ...(host.follow && browserScenarios) });
    const failed = new Set(all.map(([scenario]) => scenario));
    for (const [scenario, run] of all) {
      await t.test(scenario, { timeout: 30_000 }, async () => {
        await run(trials);
        failed.delete(scenario);
      });
    }
    const grown = host.grown.map((bytes) => Math.ceil(bytes / 2 ** 20)).join(" and ");
    const tried = `256 MiB in ${grown} MiB of memory`;
    record({ group: "gate", name, version, tried, passed: all.length - failed.size, failed: failed.size });
    assert.deepEqual([...failed], [], host.noise().slice(-5000));
  });
}
