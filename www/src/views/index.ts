import type { View } from "../frame/view.js";

/** Every view, in the order of the navigation; the first is shown where the fragment names none. */
export const views: readonly View[] = [
  { path: "", title: "Verify where software comes from", label: "Verify", load: () => import("../verify/view.js") },
];
