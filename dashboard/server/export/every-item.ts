/** All items of a list, read page by page as they are wanted. */
import type { Page } from '../../api/primitives';

const PAGE = 200;

export async function* everyItem<T>(
  read: (page: { readonly limit: number; readonly cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<T> {
  for (let next: string | null | undefined; next !== null;) {
    const { items, nextCursor } = await read({
      limit: PAGE,
      ...(next === undefined ? {} : { cursor: next }),
    });
    yield* items;
    next = nextCursor;
  }
}
