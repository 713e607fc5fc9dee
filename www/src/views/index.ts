import type { View } from "../frame/view.js";
import { hasSamples } from "../samples/load.js";

/** Every view, in the order of the navigation; the first is shown where the fragment names none. */
export const views: readonly View[] = [
  { path: "", title: "Verify where software comes from", label: "Verify", load: () => import("../verify/view.js") },
  { path: "compare", title: "Compare two versions", label: "Compare", load: () => import("./compare.js") },
  // These need the samples, which lie beside the page.
  ...(hasSamples() ? [
    { path: "samples", title: "Samples", label: "Samples", load: () => import("./samples.js") },
    { path: "registry", title: "A registry with verdicts", label: "Registry", load: () => import("./registry.js") },
  ] : []),
  { path: "proven", title: "What is proven, and what is not", label: "What is proven", load: () => import("./proven.js") },
];
