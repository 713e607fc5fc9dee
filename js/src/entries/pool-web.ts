// Browsers, and every runtime that has the workers of the web.
import type { Spawn } from "../pool/hand.js";
import { noWorkers } from "../pool/none.js";
import { pools, type CreatePool } from "../pool/pool.js";
import { shared } from "./module-web.js";

export * from "../pool/index.js";

const spawn: Spawn = (heard, ended) => {
  const worker = started();
  worker.onmessage = ({ data }) => heard(data);
  worker.onmessageerror = () => ended(new Error("a message could not be read"));
  worker.onerror = (event) => {
    event.preventDefault();
    // An error of the script has a message; that there is none to run has none.
    ended(new Error(event.message || notLoaded));
  };
  return { post: (message) => worker.postMessage(message), end: () => worker.terminate(), release: () => undefined };
};

function started(): Worker {
  try {
    // In this form bundlers know the file, and bring it along.
    return new Worker(new URL("./pool-worker-web.js", import.meta.url), { type: "module" });
  } catch (cause) {
    throw new Error(notLoaded, { cause });
  }
}

const notLoaded =
  "its file could not be loaded: a bundler or server must have pool-worker-web.js beside pool-web.js, and a content security policy allow it by worker-src";

function processors(): number {
  if (typeof Worker !== "function") throw noWorkers();
  return navigator.hardwareConcurrency;
}

/** Makes a pool, when its first worker has started. */
export const createPool: CreatePool = /* @__PURE__ */ pools(shared, { spawn, processors });
