/** Filters of the list of runs that somebody gave a name; kept in the browser. A filter is an address, so it can be shared too. */
import { useSyncExternalStore } from 'react';

export interface SavedFilter {
  readonly name: string;
  /** Of the address, without `?`. */
  readonly query: string;
}

const KEY = 'he300.saved-filters';
const LONGEST_NAME = 40;
const MOST = 50;

/** What of a stored text makes sense. */
export function parseSavedFilters(text: string | null): readonly SavedFilter[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.filter(isSavedFilter).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

const isSavedFilter = (value: unknown): value is SavedFilter => {
  const { name, query } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof name === 'string' && name !== '' && typeof query === 'string';
};

/** In the order of their names; a name that was there gets the new filter. */
export function withFilter(
  filters: readonly SavedFilter[],
  name: string,
  query: string,
): readonly SavedFilter[] {
  const short = name.trim().slice(0, LONGEST_NAME);
  if (short === '') return filters;
  return [...withoutFilter(filters, short), { name: short, query }].sort((a, b) =>
    a.name.localeCompare(b.name),
  );
}

export const withoutFilter = (filters: readonly SavedFilter[], name: string): readonly SavedFilter[] =>
  filters.filter((filter) => filter.name !== name);

const listeners = new Set<() => void>();
let read: { readonly text: string | null; readonly filters: readonly SavedFilter[] } | undefined;

function current(): readonly SavedFilter[] {
  let text = read?.text ?? null;
  try {
    text = localStorage.getItem(KEY);
  } catch {
    // Storage is refused: what was saved lasts as long as the page.
  }
  if (!read || read.text !== text) read = { text, filters: parseSavedFilters(text) };
  return read.filters;
}

function keep(filters: readonly SavedFilter[]): void {
  const text = JSON.stringify(filters);
  try {
    localStorage.setItem(KEY, text);
  } catch {
    read = { text, filters };
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Another tab may save too.
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

export function useSavedFilters() {
  const filters = useSyncExternalStore(subscribe, current);
  return {
    filters,
    save: (name: string, query: string) => keep(withFilter(current(), name, query)),
    remove: (name: string) => keep(withoutFilter(current(), name)),
  };
}
