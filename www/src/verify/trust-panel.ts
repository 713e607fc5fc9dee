import { button, fill, h, icon, shown } from "../frame/dom.js";
import type { Editor } from "../editor/editor.js";
import type { Session } from "./session.js";
import { forms, policyText, type Field, type Trust, type TrustKind } from "./trust.js";

/** How long typing must rest before a verdict follows. */
const rest = 150;

/** The panel in which the visitor says whom to trust. What it returns draws it anew where something else than the visitor's typing changed it. */
export function trustPanel(session: Session, signal: AbortSignal): { readonly element: HTMLElement; update(): void; focus(): void } {
  const select = h("select", { id: "trust-kind" }, Object.entries(forms).map(([kind, { label }]) => h("option", { value: kind }, label)));
  const fields = h("div", { class: "fields" });
  const problem = h("p", { class: "problem", role: "alert", id: "trust-problem" });
  const asText = button("Show as policy document", { class: "quiet", onclick: () => {
    void session.expect({ kind: "document", fields: { text: policyText(session.made) } });
  } });
  const element = h("section", { class: "panel trust", "aria-labelledby": "trust-title" },
    h("h2", { id: "trust-title" }, "Who should have signed?"),
    h("label", { for: "trust-kind" }, "I expect"),
    select, fields, problem, asText,
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** As the form stands; the session's own is drawn where it is another. */
  let drawn: Trust | undefined;
  let editor: Editor | undefined;
  let isTyping = false;

  const tell = (trust: Trust): void => {
    [drawn, isTyping] = [trust, true];
    session.age();
    clearTimeout(timer);
    timer = setTimeout(() => {
      isTyping = false;
      void session.expect(trust);
    }, rest);
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  select.addEventListener("change", () => {
    clearTimeout(timer);
    isTyping = false;
    const kind = select.value as TrustKind;
    const text = kind === "document" ? policyText(session.made) || starting : "";
    drawn = undefined;
    void session.expect({ kind, fields: kind === "document" ? { text } : {} });
  });

  const draw = (trust: Trust): void => {
    drawn = trust;
    select.value = trust.kind;
    editor?.destroy();
    editor = undefined;
    if (trust.kind === "document") {
      const place = h("div", { class: "editor" }, h("p", { class: "faint" }, "Loading the editor…"));
      fill(fields, place);
      void import("../editor/editor.js").then(({ edit }) => {
        if (drawn !== trust || signal.aborted) return;
        fill(place);
        place.classList.add("ready");
        editor = edit(place, trust.fields["text"] ?? "", (text) => tell({ kind: "document", fields: { text } }));
        editor.mark(session.made);
      }, () => fill(place, h("p", { class: "problem" }, "The editor could not be loaded. Drop a policy file instead.")));
      return;
    }
    const values: Record<string, string> = { ...trust.fields };
    fill(fields, forms[trust.kind].fields.map((field) => row(field, values, () => tell({ kind: trust.kind, fields: { ...values } }))));
  };

  return {
    element,
    update() {
      const { trust, made } = session;
      // What the visitor types is drawn already, and not told to the session yet.
      if (!isTyping && (drawn === undefined || !same(drawn, trust))) draw(trust);
      const isUntouched = Object.values(trust.fields).every((value) => value.trim() === "");
      const wrong = made.state === "wrong" && !isUntouched ? made : undefined;
      const at = wrong?.at !== "" && trust.kind === "document" && h("code", {}, ` ${shown(wrong?.at ?? "")}`);
      fill(problem, wrong !== undefined && [icon("cross"), h("span", {}, shown(wrong.message), at)]);
      for (const input of fields.querySelectorAll("[name]")) {
        const isMeant = wrong !== undefined && wrong.at.startsWith(`/${input.getAttribute("name") ?? ""}`);
        if (isMeant) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
      editor?.mark(made);
      asText.hidden = trust.kind === "none" || trust.kind === "document" || made.state !== "policy";
      element.dataset["kind"] = trust.kind;
    },
    focus() {
      element.scrollIntoView({ block: "nearest" });
      select.focus();
    },
  };
}

/** A policy to begin with, which nothing meets. */
const starting = `{
  "version": 1,
  "signers": [
    {
      "issuer": "https://token.actions.githubusercontent.com",
      "identity": { "glob": "https://github.com/OWNER/REPOSITORY/.github/workflows/*@refs/tags/*" }
    }
  ]
}
`;

function same(one: Trust, other: Trust): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function row({ name, label, placeholder, optional, choices, long }: Field, values: Record<string, string>, changed: () => void): HTMLElement {
  const id = `trust-${name}`;
  const attributes = { id, name, placeholder, autocomplete: "off", spellcheck: "false", autocapitalize: "off", "aria-describedby": "trust-problem" };
  const input =
    choices !== undefined ? h("select", { id, name }, choices.map(([value, words]) => h("option", { value }, words)))
    : long === true ? h("textarea", { ...attributes, rows: 5 })
    : h("input", { type: "text", ...attributes });
  input.value = values[name] ?? "";
  input.addEventListener("input", () => {
    values[name] = input.value;
    changed();
  });
  return h("p", { class: "field" }, h("label", { for: id }, label, optional === true && h("span", { class: "faint" }, " (optional)")), input);
}
