import { button, fill, h, icon, shown } from "../frame/dom.js";
import { chosenFiles, droppedEntries, filesOf, type Named } from "./folder.js";
import { readReference, type Reference } from "./reference.js";

/** What may be done with what comes in. */
export interface Intake {
  take(files: readonly Named[]): void;
  /** Takes a folder in, or several, once its files are found. */
  takeFolder(finding: (signal: AbortSignal) => Promise<readonly Named[]>): void;
  ask(reference: Exclude<Reference, { kind: "digest" }>): void;
  digest(text: string): void;
  example(): void;
}

/** The door for everything. */
export interface Door {
  readonly element: HTMLElement;
  /** Writes into the line. */
  type(text: string): void;
  /** Tells what is wrong with what is typed in. */
  say(problem: string): void;
  /** Makes room for what is judged. */
  compact(is: boolean): void;
}

/** A line to type in, a place to drop on, a chooser; and the page takes drops and pastes wherever they land. */
export function intake({ take, takeFolder, ask, digest, example }: Intake, signal: AbortSignal): Door {
  const input = h("input", {
    id: "reference", name: "reference", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "go",
    placeholder: "npm:sigstore@5.0.0", "aria-describedby": "reference-problem reference-forms",
  });
  const problem = h("p", { class: "problem", id: "reference-problem", role: "alert" });
  const say = (text: string): void => {
    fill(problem, text !== "" && [icon("cross"), shown(text)]);
    if (text === "") input.removeAttribute("aria-invalid");
    else input.setAttribute("aria-invalid", "true");
  };
  const chooser = h("input", { type: "file", multiple: true, class: "chooser", id: "files", "aria-label": "Choose files", onchange: () => {
    takeFiles(chooser.files ?? []);
    chooser.value = "";
  } });
  const folders = h("input", { type: "file", webkitdirectory: true, multiple: true, class: "chooser", id: "folder", "aria-label": "Choose a folder", onchange: () => {
    const files = Array.from(folders.files ?? []);
    if (files.length > 0) takeFolder(async () => chosenFiles(files));
    folders.value = "";
  } });
  const takeFiles = (files: Iterable<File>): void => {
    const list = Array.from(files, (file) => ({ name: shown(file.name, 120), file }));
    if (list.length > 0) take(list);
  };
  const form = h("form", { class: "lookup", onsubmit: (event: Event) => {
    event.preventDefault();
    const read = readReference(input.value);
    say(read.problem ?? "");
    if (read.reference === undefined) return;
    if (read.reference.kind === "digest") digest(read.reference.digest);
    else ask(read.reference);
  } },
    h("label", { for: "reference" }, "Package, image or digest"),
    h("div", { class: "line" }, input, h("button", { type: "submit", class: "primary" }, "Look up")),
    problem,
    h("p", { class: "faint", id: "reference-forms" },
      "A registry is asked for its evidence by your browser, when you press the button. Also ",
      h("code", {}, "pypi:FILE"), ", ", h("code", {}, "ghcr.io/owner/app:1.0"), ", ", h("code", {}, "github:owner/repo sha256:…")),
  );
  const drop = h("div", { class: "drop" },
    icon("drop"),
    h("p", {}, h("strong", {}, "Drop a file and its evidence"), ", or their folder, anywhere on this page, or paste it"),
    h("div", { class: "choosers" },
      h("label", { class: "button", for: "files" }, "Choose files"), chooser,
      // Phones have no folders to choose from.
      "webkitdirectory" in folders && [h("label", { class: "button", for: "folder" }, "Choose a folder"), folders]),
  );
  const element = h("section", { class: "intake", "aria-label": "What to verify" }, form, drop,
    h("p", { class: "try" }, "Nothing at hand? ", button("See a real example", { class: "link", onclick: example })));

  let inside = 0;
  const light = (is: boolean): void => void document.body.classList.toggle("dropping", is);
  addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    inside += 1;
    light(true);
  }, { signal });
  addEventListener("dragleave", () => light((inside = Math.max(0, inside - 1)) > 0), { signal });
  addEventListener("dragover", (event) => event.preventDefault(), { signal });
  addEventListener("drop", (event) => {
    event.preventDefault();
    inside = 0;
    light(false);
    const { files } = event.dataTransfer ?? { files: [] };
    const entries = event.dataTransfer === null ? undefined : droppedEntries(event.dataTransfer);
    if (entries !== undefined) takeFolder((ending) => filesOf(entries, ending));
    else if (files.length > 0) takeFiles(files);
    else pasted(event.dataTransfer?.getData("text/plain") ?? "");
  }, { signal });
  const pasted = (text: string): void => {
    if (isDocument(text)) take([{ name: "pasted text", file: new Blob([text]) }]);
    else if (text.trim() !== "") {
      input.value = text.trim();
      input.focus();
    }
  };
  addEventListener("paste", (event) => {
    const { clipboardData: data } = event;
    if (data === null) return;
    const [text, path] = [data.getData("text/plain"), event.composedPath()];
    if (data.files.length > 0) takeFiles(data.files);
    // Into a field goes what the field is for.
    else if (path.some((node) => node instanceof HTMLElement && node !== input && (node.isContentEditable || /^(?:INPUT|TEXTAREA)$/u.test(node.tagName)))) return;
    else if (path.includes(input) && !isDocument(text)) return;
    else pasted(text);
    event.preventDefault();
  }, { signal });

  return {
    element,
    type: (text) => {
      input.value = text;
    },
    say,
    compact: (is) => element.classList.toggle("compact", is),
  };
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer !== null && Array.from(dataTransfer.types).some((type) => type === "Files" || type === "text/plain");
}

/** Whether text is a document, and no name. */
function isDocument(text: string): boolean {
  return /^\s*(?:[[{]|-----BEGIN )/u.test(text);
}
