// A worker of the tests: as that of the package, but for what a bundle has it do that is no bundle at all.

import { parentPort, workerData } from "node:worker_threads";
import { serve } from "../dist/pool/serve.js";

const say = (reply, transfer) => parentPort.postMessage(reply, transfer);
const heard = serve(say);

/** How often each fault was met, by all workers together: a name with a number is met so often only. */
const met = new Int32Array(workerData.met);

const passed = '{"verdict":"passed","checks":{},"report":{"verdict":"passed","checks":{}}}';

const faults = {
  exit: () => process.exit(3),
  throw: () => queueMicrotask(() => { throw new Error("thrown in the worker"); }),
  slow: (message) => setTimeout(heard, 100, message),
  hang: () => { for (;;); },
  memory: () => { for (const held = []; ; held.push(new Array(1e6).fill(held.length))); },
  "another's": ({ id }) => say({ id: id + 1, outcome: { text: passed } }),
  "no report": ({ id }) => say({ id, outcome: { text: '{"verdict":"passed"}' } }),
  "no JSON": ({ id }) => say({ id, outcome: { text: "passed" } }),
  "no outcome": ({ id }) => say({ id, outcome: {} }),
  "no error": ({ id }) => say({ id, outcome: { misuse: { code: "passed", message: "", at: "" } } }),
  "no failure": ({ id }) => say({ id, outcome: { failed: passed } }),
  "failed report": ({ id }) => say({ id, outcome: { text: '{"report":{"verdict":"failed","checks":{}}}' } }),
  broken: ({ id }) => say({ id, outcome: { broken: "RangeError: out of something" } }),
  nothing: () => say(undefined),
  unasked: ({ id }) => {
    say({ ready: true });
    say({ id, outcome: { text: passed } });
  },
};

if (workerData.fault === "start") throw new Error("thrown at the start");
if (workerData.fault === "dead") process.exit(4);
parentPort.on("message", (message) => {
  if (workerData.fault === "late") return;
  if (workerData.fault === "unready" && message.id === undefined) return say({ unready: { code: "verifier-lost", message: "no memory left", at: "" } });
  const text = message.work?.bundle === undefined ? "" : new TextDecoder().decode(message.work.bundle);
  const [, name, times] = /^!(.*?)(?: (\d+))?$/u.exec(text) ?? [];
  const fault = faults[name];
  if (fault === undefined || (times !== undefined && Atomics.add(met, 0, 1) >= Number(times))) return heard(message);
  fault(message);
});
