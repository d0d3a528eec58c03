/** The filters and the order of the list of runs, as they stand in the page's address: the same names as the API's. */
import type { RunState } from '@he300/benchmark/contract';
import type { RunQuery } from '../../../api/run';
import { SPECS, STATES, TRIGGER_LABEL } from './labels';

export type RunSearch = Partial<Omit<RunQuery, 'limit' | 'cursor'>>;

export const DEFAULT_SORT: RunQuery['sort'] = '-createdAt';

/** Sorted by these, the larger is what people look for: the first press asks for it. */
const SORTS = {
  createdAt: '-',
  endedAt: '-',
  accuracy: '-',
  costUsd: '-',
  requestsPerSecond: '-',
  model: '',
} as const;
export type RunSort = keyof typeof SORTS;

type Words = Readonly<Record<string, unknown>>;

/** The server takes no NUL, and a text cut between the halves of a character is none that an address can hold. */
function word(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  return value.replaceAll('\0', '').trim().slice(0, longest).toWellFormed().trim() || undefined;
}

const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
  allowed.find((each) => each === value);

const integer = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : undefined;

/** A day or a time; the API wants milliseconds. */
function time(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}

export const statesOf = (search: Pick<RunSearch, 'state'>): readonly RunState[] =>
  STATES.filter((state) => search.state?.split(',').includes(state));

const sorts = Object.keys(SORTS).flatMap((by) => [by, `-${by}`]) as RunQuery['sort'][];

/** What of an address makes sense; the rest is dropped, so that an old or mistyped link still opens. */
export function parseRunSearch(words: Words): RunSearch {
  const states = typeof words['state'] === 'string' ? statesOf({ state: words['state'] }) : [];
  const sort = oneOf(words['sort'], sorts);
  return withoutUndefined({
    state: states.length > 0 ? states.join(',') : undefined,
    environment: word(words['environment'], 12),
    model: word(words['model'], 200),
    spec: oneOf(words['spec'], SPECS),
    seed: integer(words['seed']),
    trigger: oneOf(words['trigger'], Object.keys(TRIGGER_LABEL) as (keyof typeof TRIGGER_LABEL)[]),
    branch: word(words['branch'], 255),
    pullRequest: integer(words['pullRequest']) || undefined,
    q: word(words['q'], 100),
    from: time(words['from']),
    to: time(words['to']),
    sort: sort === DEFAULT_SORT ? undefined : sort,
  });
}

/** A search with changes; `undefined` takes a filter away. */
export const changed = (
  search: RunSearch,
  changes: { readonly [K in keyof RunSearch]: RunSearch[K] | undefined },
): RunSearch => withoutUndefined({ ...search, ...changes });

/** The order after a press on a column's head: first its useful way, then the other. */
export function nextSort(search: RunSearch, by: RunSort): RunSearch['sort'] {
  const [first, second] = SORTS[by] === '-' ? ([`-${by}`, by] as const) : ([by, `-${by}`] as const);
  const next = (search.sort ?? DEFAULT_SORT) === first ? second : first;
  return next === DEFAULT_SORT ? undefined : next;
}

export function directionOf(search: RunSearch, by: RunSort): 'ascending' | 'descending' | undefined {
  const sort = search.sort ?? DEFAULT_SORT;
  if (sort === by) return 'ascending';
  return sort === `-${by}` ? 'descending' : undefined;
}

/** How many filters are set; the order is none. */
export const filterCount = ({ sort: _sort, ...filters }: RunSearch): number => Object.keys(filters).length;

type WithoutUndefined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const withoutUndefined = <T extends object>(value: T): WithoutUndefined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as WithoutUndefined<T>;
