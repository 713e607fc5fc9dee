import { fill, h, icon, shown } from "../frame/dom.js";
import { to } from "../frame/router.js";
import type { Visit } from "../frame/view.js";
import { actions } from "./actions.js";
import { byDigest } from "./given.js";
import { handed, type Handover } from "./handing.js";
import { intake } from "./intake.js";
import { filesOffered, offered } from "./offered.js";
import { Session } from "./session.js";
import { things } from "./things.js";
import { trustPanel } from "./trust-panel.js";

/** What was there when the visitor left: going to look something up loses nothing. */
let earlier: Session | undefined;

/** The view in which anything is verified. */
export function show({ main, parameters, signal }: Visit): void {
  const session = new Session(() => update(), signal, earlier);
  earlier = session;
  const door = intake({
    take: (files) => void session.take(files),
    takeFolder: (finding) => void session.takeFolder(finding),
    ask: (reference) => void session.ask(reference),
    digest: (digest) => void session.add(byDigest(digest)),
    example: () => void session.start(example),
  }, signal);
  const [given, trust, share] = [things(session), trustPanel(session, signal), actions(session)];
  // What draws verdicts is fetched when there is something to be judged.
  const result = h("div", { class: "verdict-place" });
  let verdict: { update(): void } | undefined;
  let isWanted = false;
  const want = (): void => {
    isWanted = true;
    void import("./verdict.js").then((room) => {
      const made = room.verdict(session, { name: () => trust.focus(), type: (text) => door.type(text) });
      fill(result, made.element);
      verdict = made;
      update();
    }, () => {
      isWanted = false;
      fill(result, h("p", { class: "problem", role: "alert" }, "What shows verdicts could not be loaded. Load this page again."));
    });
  };
  let isReading = false;
  const [offer, files] = [h("div", {}), filesOffered(session)];
  const problem = h("p", { class: "problem", role: "alert" });
  const side = h("div", { class: "side" }, trust.element, given.element, share.element);
  const work = h("div", { class: "work" }, h("div", { class: "result" }, problem, offer, files.element, result), side);
  fill(main,
    h("div", { class: "hero" },
      h("h1", {}, "Where does this software come from?"),
      h("p", { class: "lead" }, "Drop a file with its evidence, or name a package. The verdict is made on your device, and you can check every part of it."),
    ),
    door.element,
    work,
  );
  function update(): void {
    files.update();
    const wrong = session.error === undefined ? "" : shown(session.error);
    if (problem.textContent !== wrong) fill(problem, wrong !== "" && [icon("cross"), wrong]);
    const offers = offer.childElementCount > 0 || session.offered.length > 0;
    const isIdle = session.given.length === 0 && session.trust.kind === "none" && [session.asked, session.busy, session.error].every((one) => one === undefined);
    work.hidden = isIdle && !offers;
    offer.hidden = offer.childElementCount === 0;
    files.element.hidden = session.offered.length === 0;
    // Until something is there to be judged, what a link offers is the whole of it.
    result.hidden = given.element.hidden = isIdle;
    main.classList.toggle("working", !work.hidden);
    door.compact(!work.hidden);
    given.update();
    trust.update();
    share.update();
    if (!isIdle && !isWanted) want();
    verdict?.update();
    work.setAttribute("aria-busy", String(isReading || session.working || (isWanted && verdict === undefined)));
  }
  update();
  if (session.given.length > 0 || session.asked !== undefined) void session.judge();
  const handover = handed();
  if (handover !== undefined) void session.start(() => handover);
  else if (parameters.size > 0) {
    isReading = true;
    void offered(offer, parameters, session, door, update).finally(() => {
      isReading = false;
      update();
    });
    update();
  }
  // A link is for whoever opens it, and says no more than it did.
  if (parameters.size > 0) history.replaceState(null, "", to(""));
}

async function example(): Promise<Handover> {
  const { bundle, artifact } = await import("./example.js");
  return { files: [{ name: "sigstore-5.0.0.sigstore.json", text: bundle }], digest: artifact, name: "sigstore 5.0.0 of npm" };
}
