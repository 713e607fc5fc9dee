import { button, fill, h, shown } from "../frame/dom.js";
import type { Given, Role } from "./given.js";
import type { Session } from "./session.js";

const roles: Readonly<Record<Role, string>> = {
  evidence: "Evidence",
  artifact: "File",
  policy: "Policy",
  root: "Trusted root",
  key: "Key",
  other: "Not used",
};

/** What was handed in, each called by what it is; whoever knows better can say so, or take it back. */
export function things(session: Session): { readonly element: HTMLElement; update(): void } {
  const list = h("ul", { class: "things" });
  const progress = h("progress", { max: 1, "aria-label": "Progress" });
  const what = h("span", { role: "status" });
  const busy = h("div", { class: "busy" }, what, progress, button("Cancel", { class: "quiet", onclick: () => session.stop() }));
  const asked = h("details", { class: "asked" });
  const element = h("section", { class: "panel given", "aria-labelledby": "given-title" },
    h("div", { class: "head" }, h("h2", { id: "given-title" }, "What is judged"), button("Start over", { class: "quiet", onclick: () => session.clear() })),
    list, busy, asked,
  );
  let drawn: readonly unknown[] = [];
  return {
    element,
    update() {
      const { given, busy: doing, requests } = session;
      const shownNow = [...given, session.artifact];
      if (shownNow.length !== drawn.length || shownNow.some((one, index) => one !== drawn[index])) fill(list, given.map((one) => row(session, one)));
      drawn = shownNow;
      busy.hidden = doing === undefined;
      if (doing !== undefined) {
        const text = `${doing.what}…`;
        if (what.textContent !== text) what.textContent = text;
        if (doing.share === undefined) progress.removeAttribute("value");
        else progress.value = doing.share;
      }
      asked.hidden = requests.length === 0;
      fill(asked, h("summary", {}, `${String(requests.length)} ${requests.length === 1 ? "request was" : "requests were"} made, by your browser`),
        h("ul", {}, requests.map((url) => h("li", {}, h("code", {}, shown(url))))));
    },
  };
}

function row(session: Session, given: Given): HTMLElement {
  const { name, role, what, note, artifact, file } = given;
  const isSpare = role === "artifact" && given !== session.artifact;
  const digest = typeof artifact === "object" ? (artifact.sha256 === undefined ? Object.entries(artifact)[0]?.join(":") : `sha256:${artifact.sha256}`) : artifact;
  return h("li", { class: `thing ${role}` },
    h("div", { class: "about" },
      h("span", { class: "role" }, isSpare ? "Another file, not judged" : roles[role]),
      h("strong", { class: "name" }, shown(name)),
      h("span", { class: "what" }, shown(what)),
      digest !== undefined && h("code", { class: "digest" }, shown(digest)),
      note !== undefined && h("span", { class: "note" }, shown(note)),
    ),
    h("div", { class: "tools" },
      role !== "artifact" && file !== undefined && button("Use as the file", { class: "quiet", onclick: () => void session.useAsFile(given, file) }),
      button("Remove", { class: "quiet", "aria-label": `Remove ${shown(name)}`, onclick: () => session.remove(given) }),
    ),
  );
}
