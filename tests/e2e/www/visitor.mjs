// What a visitor of the verification page does and sees. Each function runs inside the page.

/** Types into the line and presses the button. */
export function lookUp(text) {
  const input = document.querySelector("#reference");
  input.value = text;
  input.form.requestSubmit();
}

/** Drops files, or text, on the page. */
export function drop(files) {
  const data = new DataTransfer();
  for (const { name, text, base64 } of files) {
    data.items.add(new File([base64 === undefined ? text : Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], name));
  }
  document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
}

/** Drops a folder as browsers hand it out: in pieces, and only while the event lasts. Folders are objects, files are texts; `times` repeats a file. */
export function dropFolder(name, content, { times = 1, size } = {}) {
  let lasts = true;
  const entryOf = (path, given) => {
    if (typeof given === "string") {
      const file = new File([given], path.split("/").at(-1));
      // Nothing of that size is made: it is refused before it is read.
      if (size !== undefined) Object.defineProperty(file, "size", { value: size });
      return { isDirectory: false, isFile: true, fullPath: path, file: (resolve) => setTimeout(resolve, 0, file) };
    }
    const entries = Object.entries(given).flatMap(([inner, each]) => Array.from({ length: typeof each === "string" ? times : 1 }, (_, at) => entryOf(`${path}/${at === 0 ? "" : String(at)}${inner}`, each)));
    return { isDirectory: true, isFile: false, fullPath: path, createReader: () => ({ readEntries: (resolve) => setTimeout(resolve, 0, entries.splice(0, 100)) }) };
  };
  const event = new DragEvent("drop", { bubbles: true, cancelable: true });
  const item = { kind: "file", webkitGetAsEntry: () => (lasts ? entryOf(`/${name}`, content) : null) };
  Object.defineProperty(event, "dataTransfer", { value: { items: [item], files: [new File([], name)], types: ["Files"], getData: () => "" } });
  document.body.dispatchEvent(event);
  lasts = false;
}

/** Pastes text, wherever the cursor is. */
export function paste(text) {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new Event("paste", { bubbles: true, cancelable: true, composed: true });
  Object.defineProperty(event, "clipboardData", { value: data });
  (document.activeElement ?? document.body).dispatchEvent(event);
}

/** Presses a button by the beginning of what is on it. */
export function press(label) {
  const button = [...document.querySelectorAll("button, a.button")].find((one) => !one.hidden && one.textContent.trim().startsWith(label));
  if (button === undefined) throw new Error(`there is no button "${label}"`);
  button.click();
}

/** Writes into a field of a form. */
export function write(selector, text) {
  const field = document.querySelector(selector);
  field.value = text;
  field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
}

/** What is there to be seen, when nothing is under way any more. */
export async function seen() {
  for (let rounds = 0; rounds < 400; rounds += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (document.querySelector(".work")?.getAttribute("aria-busy") === "false") break;
    if (rounds === 399) throw new Error(`still under way: ${document.body.innerText}`);
  }
  const element = document.querySelector(".verdict provenance-report");
  await element?.updateComplete;
  const drawn = element?.shadowRoot.querySelector("article");
  const one = (selector) => document.querySelector(selector)?.textContent.trim() ?? "";
  return {
    state: document.querySelector(".verdict .report")?.dataset.state,
    title: drawn?.querySelector("h2").textContent ?? one(".verdict .card h2"),
    codes: [...(drawn?.querySelectorAll(".reasons code") ?? [])].map((code) => code.textContent.trim()),
    things: [...document.querySelectorAll(".thing")].map((thing) => ["role", "name", "what"].map((part) => thing.querySelector(`.${part}`).textContent).join(" | ")),
    notes: [...document.querySelectorAll(".thing .note")].map((note) => note.textContent),
    problems: [...document.querySelectorAll(".problem:not(:empty)")].map((problem) => problem.textContent),
    offers: [...document.querySelectorAll(".offer")].map((offer) => offer.textContent),
    trust: document.querySelector("#trust-kind")?.value,
    text: `${document.querySelector(".verdict")?.innerText ?? ""} ${drawn?.innerText ?? ""}`,
  };
}
