// The suite in every server-side runtime that the package says it runs in, each with the tarball installed as a stranger would.

import { after } from "node:test";
import { consumer } from "./consumer.mjs";
import { edgeRuntime } from "./runtimes/edge-runtime.mjs";
import { loading } from "./runtimes/loading.mjs";
import { pool } from "./runtimes/pool.mjs";
import { processes } from "./runtimes/processes.mjs";
import { workerd } from "./runtimes/workerd.mjs";

const project = consumer();
after(project.remove);

processes(project);
workerd(project);
edgeRuntime(project);
loading(project);
pool(project);
