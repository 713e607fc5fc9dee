// Threads of Node.js, which Bun and Deno have too.
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Spawn } from "./hand.js";
import type { Workers } from "./pool.js";

/** Starts threads in the way that is passed. */
export function threadsBy(start: () => Worker): Spawn {
  return (heard, ended) => {
    const worker = start();
    worker.on("message", heard);
    worker.on("messageerror", ended);
    worker.on("error", ended);
    worker.on("exit", (status) => ended(new Error(`the worker ended with status ${String(status)}`)));
    return {
      post: (message) => worker.postMessage(message),
      end: () => worker.terminate(),
      release: () => worker.unref(),
    };
  };
}

export const threads: Workers = {
  processors: availableParallelism,
  spawn: /* @__PURE__ */ threadsBy(() => {
    // Without the flags of the program: `--input-type` alone would keep the worker from starting.
    return new Worker(new URL("../entries/pool-worker-node.js", import.meta.url), { execArgv: [] });
  }),
};
