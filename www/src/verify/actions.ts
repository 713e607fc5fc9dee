import { button, h } from "../frame/dom.js";
import { to } from "../frame/router.js";
import { written } from "./reference.js";
import type { Session } from "./session.js";
import { share } from "./sharing.js";

/** What can be taken away from here: a link, the report, a badge. */
export function actions(session: Session): { readonly element: HTMLElement; update(): void } {
  const told = h("span", { class: "told", role: "status" });
  const tell = (text: string): void => {
    told.textContent = text;
  };
  const copy = button("Copy link", { onclick: () => void link(session).then(tell) });
  const report = button("Download report", { onclick: () => download("report.json", "application/json", `${JSON.stringify(reported(session), undefined, 2)}\n`) });
  const image = button("Save badge", { onclick: () => void save(session) });
  const element = h("section", { class: "panel", "aria-labelledby": "actions-title" },
    h("h2", { id: "actions-title" }, "Take it along"),
    h("div", { class: "actions" }, copy, report, image),
    told,
  );
  return {
    element,
    update() {
      const { judgement, stale } = session;
      const is = judgement.state === "verdict";
      element.hidden = judgement.state === "waiting" || judgement.state === "unready";
      report.hidden = reported(session) === undefined;
      image.hidden = !is;
      report.disabled = image.disabled = stale;
      tell("");
    },
  };
}

async function link(session: Session): Promise<string> {
  const { asked, evidence, artifact, trust } = session;
  const typed = asked === undefined ? undefined : written(asked.by);
  const digest = digestOf(artifact?.artifact);
  const parameters = await share({
    trust,
    // What a registry has, whoever opens the link can ask for.
    ...(typed === undefined ? { bundles: evidence.flatMap(({ bundles }) => bundles) } : { typed }),
    ...(digest !== undefined && (typed === undefined || artifact?.file !== undefined) && { digest }),
  });
  if (parameters === undefined) return "This evidence is too much for a link. Send the files.";
  try {
    await navigator.clipboard.writeText(new URL(to("", parameters), location.href.split("#")[0]).href);
  } catch {
    return "The link could not be copied: the browser refused.";
  }
  if (hasRoot(session.given)) return "Copied, but for the trusted root: whoever opens the link needs it from you.";
  if (typed === undefined) return "Copied. The evidence is in the link, behind the #, which browsers never send.";
  return "Copied. Whoever opens it is asked before anything is looked up.";
}

function hasRoot(given: Session["given"]): boolean {
  return given.some(({ role }) => role === "root");
}

function digestOf(artifact: unknown): string | undefined {
  if (typeof artifact === "string") return artifact;
  const [first] = Object.entries((artifact ?? {}) as Record<string, string>);
  return first?.join(":");
}

/** What the verifier reported, as it is; nothing before a signer was named, for a report by which any will do says "passed". */
function reported({ judgement }: Session): unknown {
  if (judgement.state !== "verdict") return undefined;
  const { subject } = judgement;
  return "outcome" in subject ? subject.evaluation : "error" in subject ? undefined : subject;
}

async function save({ judgement, given }: Session): Promise<void> {
  if (judgement.state !== "verdict") return;
  const { picture } = await import("./picture.js");
  download("badge.svg", "image/svg+xml", picture(judgement.subject, judgement.name, hasRoot(given)));
}

function download(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  h("a", { href: url, download: name }).click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
