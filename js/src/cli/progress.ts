import type { ReadStream } from "node:fs";

/** How often the line is drawn anew, in milliseconds. */
const interval = 200;

/** Passes a file's pieces on and tells on a terminal's standard error how far it is; elsewhere it is silent. */
export async function* withProgress(file: ReadStream, name: string, size: number): AsyncGenerator<Uint8Array> {
  const line = process.stderr;
  let done = 0;
  let drawn = Date.now();
  for await (const piece of file as AsyncIterable<Uint8Array>) {
    yield piece;
    done += piece.byteLength;
    if (line.isTTY && Date.now() - drawn >= interval) {
      drawn = Date.now();
      line.write(`\r\u001b[Khashing ${name}: ${mebibytes(done)} of ${mebibytes(size)} MiB`);
    }
  }
  if (line.isTTY) line.write("\r\u001b[K");
}

function mebibytes(bytes: number): string {
  return String(Math.floor(bytes / 2 ** 20));
}
