/** Lists that are too long for one statement: both databases limit how many values one may carry. */

const BATCH = 500;

/** What `ask` finds for all of them. @param ask is called with 1 to 500 of them at a time */
export async function inBatches<T, R>(
  values: readonly T[],
  ask: (batch: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const found: R[] = [];
  for (let i = 0; i < values.length; i += BATCH) found.push(...(await ask(values.slice(i, i + BATCH))));
  return found;
}
