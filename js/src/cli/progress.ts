import type { ReadStream } from "node:fs";

/** How often the line is drawn anew, in milliseconds. */
const interval = 200;

/** Tells on a terminal's standard error what is being done, in one line in place of what was told before; elsewhere it is silent. */
export function progress(doing: string): void {
  const { isTTY, columns } = process.stderr;
  if (isTTY) process.stderr.write(`\r\u001b[K${Array.from(doing).slice(0, columns - 1).join("")}`);
}

/** Takes back what `progress` told. */
export function progressDone(): void {
  progress("");
}

/** Passes a file's pieces on and tells how far it is. */
export async function* withProgress(file: ReadStream, name: string, size: number): AsyncGenerator<Uint8Array> {
  let done = 0;
  let drawn = Date.now();
  for await (const piece of file as AsyncIterable<Uint8Array>) {
    yield piece;
    done += piece.byteLength;
    if (Date.now() - drawn >= interval) {
      drawn = Date.now();
      progress(`hashing ${name}: ${mebibytes(done)} of ${mebibytes(size)} MiB`);
    }
  }
  progressDone();
}

function mebibytes(bytes: number): string {
  return String(Math.floor(bytes / 2 ** 20));
}
