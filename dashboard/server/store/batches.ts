/** Lists that are too long for one statement: both databases limit how many values one may carry. */

const BATCH = 500;

/** What `ask` finds for all of them. @param ask is called with 1 to 500 of them at a time */
export async function inBatches<T, R>(
  values: readonly T[],
  ask: (batch: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const found: R[] = [];
  for (const batch of batches(values)) found.push(...(await ask(batch)));
  return found;
}

export const batches = <T>(values: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(values.length / BATCH) }, (_, i) =>
    values.slice(i * BATCH, (i + 1) * BATCH),
  );
