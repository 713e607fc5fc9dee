// What a thread of Node.js runs, also in Bun and Deno.
import { parentPort } from "node:worker_threads";
import { serve } from "../pool/serve.js";

const heard = serve((reply, transfer) => parentPort?.postMessage(reply, transfer));
parentPort?.on("message", heard);
