// Bundles Lit, of the locked version, into the file that is named: `cargo xtask build` runs this. Importing that file must do no harm where
// there is no DOM, as in a server that renders pages, so what Lit takes for granted while it loads is looked for first.

import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

buildSync({
  entryPoints: [fileURLToPath(new URL("index.d.ts", import.meta.url))],
  outfile: process.argv[2],
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "inline",
  logLevel: "warning",
  banner: { js: "const HTMLElement = globalThis.HTMLElement ?? class {};\nconst document = globalThis.document ?? { createTreeWalker() {} };" },
});
