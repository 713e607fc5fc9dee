// node examples/pool.mjs folder policy.json: every file of a folder that has its bundle beside it (app.tgz, app.tgz.sigstore.json), several at once
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createPool } from "admissible/pool";

const [folder, policy] = process.argv.slice(2);
const suffix = ".sigstore.json";
const names = (await readdir(folder)).filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length));

/** Opened when it is read: a stream that fails before anybody listens ends the program. */
async function* content(path) {
  yield* createReadStream(path);
}

async function* items() {
  for (const name of names) {
    const path = join(folder, name);
    yield { bundles: [await readFile(path + suffix)], artifact: content(path), policy: await readFile(policy), now: new Date() };
  }
}

const pool = await createPool();
const { results } = await pool.batch(items());
for (const [at, { evaluation, error }] of results.entries()) console.log(`${names[at]}: ${evaluation?.summary ?? error.message}`);
process.exitCode = results.length > 0 && results.every(({ evaluation }) => evaluation?.admitted) ? 0 : 1;
