/** One visit to a view. */
export interface Visit {
  /** The element to draw in; empty. */
  readonly main: HTMLElement;
  /** What stands behind `?` in the fragment: `#/compare?a=1`. It is never sent anywhere, and whoever made the link wrote it. */
  readonly parameters: URLSearchParams;
  /** Aborts when the visitor leaves: for listeners, requests and whatever else must end. */
  readonly signal: AbortSignal;
}

/** Draws a view. It may go on after it returned, as long as `signal` has not aborted. */
export type Show = (visit: Visit) => void | Promise<void>;

/** A view in the register: `views/index.ts`. */
export interface View {
  /** What stands behind `#/`. */
  readonly path: string;
  /** The title of the page. */
  readonly title: string;
  /** What the navigation calls it; without, it is not there. */
  readonly label?: string;
  /** Its code, fetched when it is first visited. */
  readonly load: () => Promise<{ readonly show: Show }>;
}
