// node examples/offline.mjs sigstore@5.0.0 sigstore/sigstore-js evidence [registry]: asks once, and judges from the folder from then on
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createVerifier } from "admissible";
import { npmEvidence, verifyNpm } from "admissible/npm";
import { Recording, replay } from "admissible/offline";
import { npm } from "admissible/policy";

const [reference, repository, folder, registry] = process.argv.slice(2);
const options = registry ? { registry } : {};
const verifier = await createVerifier();
const store = {
  read: (path) => readFile(join(folder, path)).catch((error) => (error.code === "ENOENT" ? undefined : Promise.reject(error))),
  async write(path, bytes) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, `${path}.new`), bytes);
    await rename(join(folder, `${path}.new`), join(folder, path));
  },
};

if ((await store.read("index.json")) === undefined) {
  const recording = new Recording();
  const { bundles } = await npmEvidence(verifier, reference, { ...options, fetch: recording.fetch });
  await recording.save(store, bundles);
}
const policy = npm({ package: reference.replace(/@[^@]*$/u, ""), repository });
const found = await verifyNpm(verifier, reference, { ...options, policy, fetch: await replay(store) });
console.log(found.outcome, found.evaluation?.summary ?? found.error?.message ?? "");
process.exitCode = found.evaluation?.admitted ? 0 : 1;
