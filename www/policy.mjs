// What the page may do, and nothing else: in a meta element of the page itself, and as a header where a server can send one.

/** The names of the policies for trusted types: the page's own, which lets its workers' scripts be started (`src/frame/scripts.ts`), and Lit's, which draws the elements. */
const trustedTypes = "trusted-types default lit-html; require-trusted-types-for 'script'";

/** Of the page whose files lie beside it. `https:` is for registries: which one is asked, the visitor says. */
export const hosted = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' https:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  trustedTypes,
].join("; ");

/** Of the page that is one file: its script and its styles are allowed by their hashes. */
export const single = (scripts, styles) => [
  "default-src 'none'",
  `script-src ${scripts.join(" ")} 'wasm-unsafe-eval'`,
  `style-src ${styles.join(" ")}`,
  "img-src data:",
  "connect-src https:",
  "base-uri 'none'",
  "form-action 'none'",
  trustedTypes,
].join("; ");

/** The headers that go with every file. Two of them a meta element cannot say: that nobody frames the page, and where it came from. */
export const headers = {
  "content-security-policy": `${hosted}; frame-ancestors 'none'`,
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
