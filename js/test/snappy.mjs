// What stands in for GitHub's files.

/** A Snappy block of one literal. */
export function snappy(text) {
  const bytes = new TextEncoder().encode(text);
  const length = [];
  for (let left = bytes.length; ; left >>>= 7) {
    length.push(left > 127 ? (left & 127) | 128 : left);
    if (left <= 127) break;
  }
  const most = bytes.length - 1;
  return Uint8Array.from([...length, 62 << 2, most & 255, (most >> 8) & 255, most >> 16, ...bytes]);
}
