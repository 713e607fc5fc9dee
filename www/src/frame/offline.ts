/** The name of the policy for trusted types, which index.html allows. */
const policyName = "admissible-worker";

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** Keeps this page and its files for when there is no network. Nothing that is fetched later is kept. */
export async function stayOffline(status: HTMLElement): Promise<void> {
  // A page of one file has all that it needs.
  if (!("serviceWorker" in navigator) || document.documentElement.dataset["hosted"] === undefined) return;
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const url = "./sw.js";
  // The one script that this page ever names by a text.
  const policy = trustedTypes?.createPolicy(policyName, { createScriptURL: () => url });
  try {
    await navigator.serviceWorker.register(policy?.createScriptURL(url) ?? url);
    await navigator.serviceWorker.ready;
    status.append(" It works without a network from now on.");
  } catch {
    // It works as well without, as long as there is a network.
  }
}
