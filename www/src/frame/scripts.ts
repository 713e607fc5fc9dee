interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string | undefined }): unknown;
}

/** Scripts that the page starts by a text: the service worker, and the workers of the pool. */
const started: readonly string[] = ["./sw.js", "./pool-worker-web.js"];

/** Lets these scripts be started by their address, and no other. Where a browser knows trusted types, nothing could be otherwise. */
export function allowScripts(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  // It has to be the default one: who starts the pool's workers knows nothing of this page.
  trustedTypes?.createPolicy("default", { createScriptURL: (url) => (started.some((one) => resolved(one) === resolved(url)) ? url : undefined) });
}

function resolved(url: string): string {
  return new URL(url, document.baseURI).href;
}
