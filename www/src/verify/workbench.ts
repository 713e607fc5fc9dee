import { fill, h, icon, shown } from "../frame/dom.js";
import type { Visit } from "../frame/view.js";
import { actions } from "./actions.js";
import { handed, type Handover } from "./handing.js";
import type { Door } from "./intake.js";
import { filesOffered, offered } from "./offered.js";
import { Session } from "./session.js";
import { things } from "./things.js";
import { trustPanel } from "./trust-panel.js";

/** What was there when the visitor left: going to look something up loses nothing. */
let earlier: Session | undefined;

/** All that is below the door, drawn into `work` as soon as there is something to be judged: what came in, whom the visitor trusts, and the verdict. */
export function workbench({ main, parameters, signal }: Visit, door: Door, work: HTMLElement): Session {
  const session = new Session(() => update(), signal, earlier);
  earlier = session;
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
  fill(work, h("div", { class: "result" }, problem, offer, files.element, result), h("div", { class: "side" }, trust.element, given.element, share.element));
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
  return session;
}

/** A real example, which needs no network. */
export async function example(): Promise<Handover> {
  const { bundle, artifact } = await import("./example.js");
  return { files: [{ name: "sigstore-5.0.0.sigstore.json", text: bundle }], digest: artifact, name: "sigstore 5.0.0 of npm" };
}
