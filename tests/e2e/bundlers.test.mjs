// Each bundler, over the package as a stranger would install it: what it writes runs, and holds the module once.

import { after } from "node:test";
import { esbuild } from "./bundlers/esbuild.mjs";
import { manifest } from "./bundlers/outputs.mjs";
import { rollup } from "./bundlers/rollup.mjs";
import { vite } from "./bundlers/vite.mjs";
import { webpack } from "./bundlers/webpack.mjs";
import { consumer } from "./consumer.mjs";

const project = consumer(manifest);
after(project.remove);

vite(project);
webpack(project);
rollup(project);
esbuild(project);
