import { shown } from "../frame/dom.js";

/** A file, and what it is called here. */
export interface Named {
  readonly name: string;
  readonly file: Blob;
}

/** The most files and folders that are looked at: evidence and what it is about are few. */
export const mostEntries = 1000;

/** The most bytes that are read of a folder, each of which may have to be hashed. */
export const mostBytes = 1024 * 1024 * 1024;

/** What was dropped, where a folder is among it. It has to be called while the event lasts: the browser takes it away after. */
export function droppedEntries({ items }: DataTransfer): readonly FileSystemEntry[] | undefined {
  const entries = Array.from(items, (item) => (item.kind === "file" ? item.webkitGetAsEntry() : null)).filter((entry) => entry !== null);
  return entries.some(({ isDirectory }) => isDirectory) ? entries : undefined;
}

/** Every file of folders, those below them too. @throws Error when there is too much of them, or something cannot be read */
export async function filesOf(entries: readonly FileSystemEntry[], signal: AbortSignal): Promise<readonly Named[]> {
  const found: Named[] = [];
  const waiting = [...entries];
  // A folder within itself ends here too.
  for (let looked = 0; waiting.length > 0; looked += 1) {
    signal.throwIfAborted();
    if (looked + waiting.length > mostEntries) throw tooMany();
    const entry = waiting.shift();
    if (entry?.isDirectory === true) waiting.push(...(await children(entry as FileSystemDirectoryEntry, mostEntries - looked - waiting.length)));
    else if (entry !== undefined) found.push({ name: nameOf(entry.fullPath), file: await fileOf(entry as FileSystemFileEntry) });
  }
  return bounded(found);
}

/** The files of a folder that was chosen, each of which the browser has listed already. @throws Error when there is too much of it */
export function chosenFiles(files: readonly File[]): readonly Named[] {
  if (files.length > mostEntries) throw tooMany();
  return bounded(files.map((file) => ({ name: nameOf(file.webkitRelativePath || file.name), file })));
}

function bounded(files: readonly Named[]): readonly Named[] {
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  if (bytes <= mostBytes) return files;
  throw new Error(`This folder is too large: expected at most ${String(mostBytes / 1024 / 1024)} MB, found ${String(Math.ceil(bytes / 1024 / 1024))} MB. Drop the evidence and its file alone.`);
}

function tooMany(): Error {
  return new Error(`This folder holds too much: expected at most ${String(mostEntries)} files, found more. Drop the evidence and its file alone.`);
}

/** What is in a folder. Browsers hand it out in pieces, of which the last is empty. */
async function children(folder: FileSystemDirectoryEntry, most: number): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const found: FileSystemEntry[] = [];
  for (;;) {
    const piece = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)).catch((cause: unknown) => unreadable(folder, cause));
    if (piece.length === 0) return found;
    found.push(...piece);
    if (found.length > most) throw tooMany();
  }
}

async function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise<File>((resolve, reject) => entry.file(resolve, reject)).catch((cause: unknown) => unreadable(entry, cause));
}

function unreadable({ fullPath }: FileSystemEntry, cause: unknown): never {
  throw new Error(`${nameOf(fullPath)} cannot be read.`, { cause });
}

function nameOf(path: string): string {
  return shown(path.replace(/^\//u, ""), 120);
}
