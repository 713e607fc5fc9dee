/** How many are at work at once. */
const atOnce = 4;

/** Does something with each, a few at once; the results are in the order of the items. */
export async function inBatches<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<readonly Result[]>): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))).flat());
  }
  return results;
}
