import { printable } from "../printable.js";
import type { PassedReport } from "../report.js";
import type { Build } from "./build.js";
import { commitText, isByKey, repositoryText, signerText, type Context } from "./context.js";
import { integrityOf } from "./facts.js";
import { commitLink, logLink, repositoryLink, runLink } from "./links.js";
import type { BadgeLink, BadgeLinkKey } from "./model.js";

/** From source to artifact, in the order in which things come about. A link that the evidence does not tell of is missing. */
export function custodyOf(report: PassedReport, build: Build, isSignedByRegistry: boolean, context: Context): BadgeLink[] {
  const { words, time, link } = context;
  const { checks } = report;
  const links: BadgeLink[] = [];
  const add = (key: BadgeLinkKey, text: string, certified: boolean, more: Partial<BadgeLink> = {}): void => {
    links.push({ key, label: words.link[key], text, ...more, certified });
  };
  const at = (moment: string): Partial<BadgeLink> => ({ time: printable(moment), when: time(moment) });
  const { repository, commit, run } = build;
  if (build.attested && repository !== undefined) {
    const certified = repository.certified && commit?.certified !== false;
    const source = repositoryText(repository.value);
    const href = commit === undefined ? repositoryLink(repository.value) : commitLink(repository.value, commit.value);
    add("source", commit === undefined ? source : words.custody.at(source, commitText(commit.value)), certified, certified ? link(href) : {});
  }
  if (build.attested) {
    const { workflow, builder, platform, started: from, finished: to } = build;
    const where = platform !== undefined && repository?.certified === true ? platform : builder && printable(builder.value);
    const by = workflow && printable(workflow.value);
    const text = by !== undefined && where !== undefined ? words.custody.build(by, where) : (by ?? where ?? words.provenance.unnamed);
    add("build", text, (workflow ?? builder)?.certified === true, { ...window(from, to, context), ...(run?.certified === true && link(runLink(run.value))) });
  }
  const signer = words.custody.signature(signerText(report, context));
  const times = checks.signingTime.status === "passed" ? checks.signingTime.evidence.map(({ time: moment }) => moment) : [];
  const [earliest] = times.sort((a, b) => Date.parse(a) - Date.parse(b));
  add("signature", signer, true, earliest === undefined ? {} : at(earliest));
  if (checks.certificatePath.status === "passed" && !isByKey(checks.signer)) {
    const { authority, certificates: [leaf, ...above] } = checks.certificatePath.evidence;
    const windows = above.map(({ subject, notBefore, notAfter }) => ({ label: printable(subject), from: printable(notBefore), when: "", ...window(notBefore, notAfter, context) }));
    add("certificate", words.custody.certificate(printable(authority)), true, { ...window(leaf?.notBefore, leaf?.notAfter, context), ...(windows.length > 0 && { windows }) });
  }
  if (checks.timestamp.status === "passed") for (const stamp of checks.timestamp.evidence) add("timestamp", printable(stamp.authority), true, at(stamp.time));
  if (checks.logBinding.status === "passed") {
    const promises = checks.inclusionPromise.status === "passed" ? checks.inclusionPromise.evidence : [];
    for (const { log, logIndex, at: place } of checks.logBinding.evidence) {
      const moment = promises.find((promise) => promise.at === place)?.integratedTime;
      add("log", words.value.entry(printable(logIndex), printable(log)), true, { ...(moment !== undefined && at(moment)), ...link(logLink(log, logIndex)) });
    }
  }
  if (isSignedByRegistry) add("registry", words.value.signedByRegistry, true);
  const { state, text } = integrityOf(report, context);
  if (state === "verified") add("artifact", text, true);
  return links;
}

function window(from: string | undefined, to: string | undefined, { words, time }: Context): Partial<BadgeLink> {
  if (from === undefined) return to === undefined ? {} : { to: printable(to), when: time(to) };
  if (to === undefined) return { from: printable(from), when: words.custody.since(time(from)) };
  return { from: printable(from), to: printable(to), when: words.custody.window(time(from), time(to)) };
}
