import {
  autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type Completion, type CompletionContext, type CompletionResult,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { HighlightStyle, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Made } from "../verify/trust.js";
import { placeAt, placeOf, type Place } from "./places.js";
import { keysAt, valuesAt, type Suggestion } from "./schema.js";

/** An editor for a policy document. */
export interface Editor {
  /** Shows what became of the document, at the place where it is wrong. */
  mark(made: Made): void;
  destroy(): void;
}

/** Opens an editor with completion by the policy's schema. `changed` is told of every change that is typed. */
export function edit(place: HTMLElement, text: string, changed: (text: string) => void): Editor {
  // In a shadow root the editor's styles are sheets of the script's, which a content security policy without inline styles allows.
  const root = place.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), history(), drawSelection(), closeBrackets(), json(), syntaxHighlighting(colours), theme, EditorView.lineWrapping,
        autocompletion({ override: [complete], icons: false }),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
        EditorView.contentAttributes.of({ "aria-label": "Policy document", tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    mark(made) {
      const { doc } = view.state;
      const wrong = made.state === "wrong" ? [{ ...spot(view.state, made), severity: "error" as const, message: made.message }] : [];
      view.dispatch(setDiagnostics(view.state, wrong.map(({ from, to, ...rest }) => ({ from: Math.min(from, doc.length), to: Math.min(to, doc.length), ...rest }))));
    },
    destroy: () => view.destroy(),
  };
}

/** Where it is wrong: by the pointer, or by the line that the reader of JSON names. */
function spot(state: EditorState, { at, message }: Extract<Made, { state: "wrong" }>): { from: number; to: number } {
  const [, line, column] = /at line (\d+) column (\d+)/u.exec(message) ?? [];
  if (at !== "" || line === undefined) return placeOf(syntaxTree(state).topNode, at, (from, to) => state.sliceDoc(from, to));
  const { from, to } = state.doc.line(Math.min(Math.max(Number(line), 1), state.doc.lines));
  const position = Math.min(from + Math.max(Number(column) - 1, 0), to);
  return { from: Math.max(from, position - 1), to: position === from ? to : position };
}

function complete(context: CompletionContext): CompletionResult | null {
  const { state, pos } = context;
  const place = placeAt(syntaxTree(state).resolveInner(pos, -1), pos, (from, to) => state.sliceDoc(from, to));
  if (place === undefined || (!context.explicit && place.from === place.to && !/["{[,:]\s*$/u.test(state.sliceDoc(Math.max(0, pos - 20), pos)))) return null;
  const isFree = ({ label }: Suggestion): boolean => !place.taken.includes(label) || state.sliceDoc(place.from, place.to).includes(label);
  const suggestions = place.kind === "key" ? keysAt(place.path).filter(isFree) : valuesAt(place.path);
  if (suggestions.length === 0) return null;
  const isBegun = place.kind === "key" && /^\s*:/u.test(state.sliceDoc(place.to, place.to + 20));
  return { from: place.from, options: suggestions.map((one, index) => ({ ...option(one, place, isBegun), boost: -index })) };
}

function option({ label, description, opens }: Suggestion, { kind }: Place, isBegun: boolean): Completion {
  const quoted = kind === "key" ? JSON.stringify(label) : label;
  const closes = opens === undefined ? "" : { "{": "}", "[": "]", "\"": "\"" }[opens];
  const rest = kind === "value" || isBegun ? "" : `: ${opens ?? ""}${closes}`;
  return {
    label: quoted,
    displayLabel: label,
    ...(description !== "" && { info: description }),
    apply: (view, _completion, from, to) => {
      // What stands behind the cursor of the same word, often no more than the other quote.
      const [behind = ""] = /^[\w$]*"?/u.exec(view.state.sliceDoc(to, to + 80)) ?? [];
      const anchor = from + quoted.length + (rest === "" ? 0 : rest.length - closes.length);
      view.dispatch({ changes: { from, to: to + behind.length, insert: quoted + rest }, selection: { anchor } });
    },
  };
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.string, color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
]);

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--strong-line)", borderRadius: "var(--round-small)" },
  "&.cm-editor": { fontSize: "0.8125rem", overflow: "hidden" },
  "&.cm-focused": { outline: "3px solid var(--accent)" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", maxHeight: "26rem" },
  ".cm-gutters": { backgroundColor: "var(--sunk)", color: "var(--soft)", border: "none" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-soft)" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--line)", borderRadius: "var(--round-small)" },
  ".cm-tooltip, .cm-diagnostic": { fontFamily: "var(--font)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "14rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { color: "var(--accent-ink)", backgroundColor: "var(--accent)" },
  ".cm-completionInfo": { maxWidth: "18rem", padding: "0.5rem 0.75rem" },
});
