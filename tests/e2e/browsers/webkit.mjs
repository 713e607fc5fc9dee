// WebKit, as WebKitGTK, on a display that nobody sees, by the plain WebDriver protocol.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { executable } from "./executable.mjs";
import { within } from "./within.mjs";

/** The key under which WebDriver passes an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** @type {import("./browsers.mjs").Browser} */
export const webkit = {
  name: "WebKitGTK",

  async launch({ hostname, port }) {
    const [driver, xvfb] = [executable("webkitDriver"), executable("xvfb")];
    const home = mkdtempSync(join(tmpdir(), "admissible-webkit-"));
    const remove = () => rmSync(home, { recursive: true, force: true });
    process.once("exit", remove);
    const started = [];
    const close = async () => {
      for (const one of started.reverse()) await one.stop();
      remove();
    };
    try {
      const display = await startDisplay(xvfb, started);
      const command = await startDriver(driver, { ...environment(home), DISPLAY: display }, started);
      const proxy = { proxyType: "manual", httpProxy: `${hostname}:${port}` };
      const { sessionId, capabilities } = await command("POST", "/session", { capabilities: { alwaysMatch: { proxy } } });
      const session = (method, path, body) => command(method, `/session/${sessionId}${path}`, body);
      started.push({ stop: () => session("DELETE", "").catch(() => undefined) });
      await session("POST", "/timeouts", { script: 90_000, pageLoad: 60_000 });
      return { version: capabilities.browserVersion, open: (url) => open(session, url), close };
    } catch (error) {
      await close();
      throw error;
    }
  },
};

async function open(session, url) {
  await session("POST", "/url", { url });
  return {
    async evaluate(expression) {
      const script = `
        const done = arguments[arguments.length - 1];
        (async () => (${expression}))().then((value) => done({ value }), (error) => done({ error: String(error) }));
      `;
      const { value, error } = await session("POST", "/execute/async", { script, args: [] });
      if (error !== undefined) throw new Error(error);
      return value;
    },
    async choose(path) {
      const input = await session("POST", "/element", { using: "css selector", value: "input" });
      await session("POST", `/element/${input[ELEMENT]}/value`, { text: path });
    },
    close: () => session("POST", "/url", { url: "about:blank" }),
  };
}

function environment(home) {
  return {
    ...process.env,
    HOME: home,
    XDG_CACHE_HOME: join(home, "cache"),
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_DATA_HOME: join(home, "data"),
    // WebKitGTK 2.50's compiler now and then computes wrongly when it runs beside the program: a genuine bundle is then refused,
    // about once in twelve page loads.
    JSC_useConcurrentJIT: "0",
    // There is neither a graphics card nor a desktop.
    LIBGL_ALWAYS_SOFTWARE: "1",
    WEBKIT_DISABLE_DMABUF_RENDERER: "1",
    GTK_A11Y: "none",
    NO_AT_BRIDGE: "1",
  };
}

/** A display whose number Xvfb chooses, and tells. */
async function startDisplay(xvfb, started) {
  const child = start(xvfb, ["-displayfd", "3", "-screen", "0", "800x600x24", "-nolisten", "tcp"], process.env, started);
  const [number] = await within(30, "the start of Xvfb", Promise.race([once(child.stdio[3], "data"), ended(child)]));
  return `:${String(number).trim()}`;
}

/** The driver, and a function that sends it commands. */
async function startDriver(driver, env, started) {
  const port = await freePort();
  const child = start(driver, ["--host=127.0.0.1", `--port=${port}`], env, started);
  const command = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      signal: AbortSignal.timeout(100_000),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const ready = async () => {
    while (runs(child) && !(await command("GET", "/status").catch(() => ({}))).ready) await sleep(50);
  };
  await within(30, "the start of WebKitWebDriver", Promise.race([ready(), ended(child)]));
  return command;
}

/** A child in a process group of its own: what it starts ends with it. */
function start(program, args, env, started) {
  const child = spawn(program, args, { env, detached: true, stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const kill = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  process.once("exit", kill);
  child.once("error", () => undefined);
  started.push({
    async stop() {
      const exit = runs(child) && once(child, "exit");
      kill();
      process.removeListener("exit", kill);
      await exit;
    },
  });
  return child;
}

const runs = (child) => child.pid !== undefined && child.exitCode === null && child.signalCode === null;

async function ended(child) {
  const [code, signal] = await once(child, "exit");
  throw new Error(`${child.spawnfile} ended with ${code ?? signal} before it was ready`);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
