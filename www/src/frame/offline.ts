/** Keeps this page and its files for when there is no network. Nothing that is fetched later is kept. */
export async function stayOffline(status: HTMLElement): Promise<void> {
  // A page of one file has all that it needs.
  if (!("serviceWorker" in navigator) || document.documentElement.dataset["hosted"] === undefined) return;
  try {
    await navigator.serviceWorker.register("./sw.js");
    await navigator.serviceWorker.ready;
    status.append(" It works without a network from now on.");
  } catch {
    // It works as well without, as long as there is a network.
  }
}
