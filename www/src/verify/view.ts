import { fill, h } from "../frame/dom.js";
import { to } from "../frame/router.js";
import type { Visit } from "../frame/view.js";
import { isHanded } from "./handing.js";
import { intake } from "./intake.js";
import type { Session } from "./session.js";

/** Whether there was something to be judged when the visitor left. */
let isOpen = false;

/** The view in which anything is verified. Of it only the door is there at first: all else is fetched when something comes in. */
export function show(visit: Visit): void {
  const { main, parameters, signal } = visit;
  const work = h("div", { class: "work", hidden: true, "aria-busy": "false" });
  let opening: Promise<Bench> | undefined;
  const use = (act: (session: Session, bench: typeof import("./workbench.js")) => unknown): void => {
    work.setAttribute("aria-busy", "true");
    opening ??= import("./workbench.js").then((bench) => {
      // Whoever left has what was there before still.
      signal.throwIfAborted();
      return { bench, session: bench.workbench(visit, door, work) };
    });
    isOpen = true;
    opening.then(({ bench, session }) => act(session, bench), () => {
      opening = undefined;
      work.setAttribute("aria-busy", "false");
      door.say("What verifies could not be loaded. Load this page again.");
    });
  };
  const door = intake({
    take: (files) => use((session) => session.take(files)),
    takeFolder: (finding) => use((session) => session.takeFolder(finding)),
    ask: (reference) => use((session) => session.ask(reference)),
    digest: (digest) => use((session) => session.addDigest(digest)),
    example: () => use((session, { example }) => session.start(example)),
  }, signal);
  fill(main,
    h("div", { class: "hero" },
      h("h1", {}, "Where does this software come from?"),
      h("p", { class: "lead" }, "Drop a file with its evidence, or name a package. The verdict is made on your device, and you can check every part of it."),
    ),
    door.element,
    work,
  );
  if (isOpen || isHanded() || parameters.size > 0) use(() => undefined);
  // A link is for whoever opens it, and says no more than it did.
  if (parameters.size > 0) history.replaceState(null, "", to(""));
}

interface Bench {
  readonly bench: typeof import("./workbench.js");
  readonly session: Session;
}
