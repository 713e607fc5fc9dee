import { to } from "../frame/router.js";
import type { Trust } from "./trust.js";

/** What another view hands to this one. */
export interface Handover {
  /** Files, each taken for what it is: evidence, an artifact, a policy, a trusted root. */
  readonly files?: readonly { readonly name: string; readonly text: string | Uint8Array }[];
  /** Evidence of whoever made a link: taken for that and for nothing else. */
  readonly evidence?: readonly string[];
  /** The artifact by its digest, such as `sha256:…`, and what it is called. */
  readonly digest?: string;
  readonly name?: string;
  /** Whom the visitor trusts. */
  readonly trust?: Trust;
}

let waiting: Handover | undefined;

/** Opens the verify view with these things in it, as if the visitor had dropped them. */
export function openVerify(handover: Handover): void {
  waiting = handover;
  location.hash = to("");
}

/** Whether something was handed over that nobody has taken yet. */
export const isHanded = (): boolean => waiting !== undefined;

/** What was handed over, once. */
export function handed(): Handover | undefined {
  const handover = waiting;
  waiting = undefined;
  return handover;
}
