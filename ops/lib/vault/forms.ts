/** Values as Terraform writes them and as Vault answers them, brought to one form in which they can be compared. */

export type Form =
  | 'text'
  | 'number'
  | 'flag'
  /** Seconds, or Go's way to write a duration: `300`, `300s`, `1h30m`. */
  | 'seconds'
  /** Texts in any order. */
  | 'set'
  /** Addresses in any order; one of a single host with or without its `/32`. */
  | 'cidrs'
  /** Texts in this order. */
  | 'list'
  | 'map'
  /** Texts by name, each one or several of which any will do; Terraform parts them by commas. */
  | 'claims';

const EMPTY: Readonly<Record<Form, unknown>> = {
  text: '',
  number: 0,
  flag: false,
  seconds: 0,
  set: [],
  cidrs: [],
  list: [],
  map: {},
  claims: {},
};

/** What nothing is, in this form. */
export const emptyOf = (form: Form): unknown => EMPTY[form];

/** @throws Error when the value has no such form */
export function inForm(form: Form, value: unknown): unknown {
  if (value === undefined || value === null) return EMPTY[form];
  switch (form) {
    case 'text':
      return String(value).trim();
    case 'number':
      return Number(value);
    case 'flag':
      return value === true || value === 'true';
    case 'seconds':
      return secondsOf(value);
    case 'set':
      return [...new Set(textsOf(value))].sort();
    case 'cidrs':
      return [...new Set(textsOf(value).map((cidr) => cidr.replace(/\/32$/, '')))].sort();
    case 'list':
      return textsOf(value);
    case 'map':
      return sorted(value, String);
    case 'claims':
      return sorted(value, (texts) => [...new Set(textsOf(texts))].sort());
  }
}

/** Whether two values in the same form are the same. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const SECONDS_OF: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

function secondsOf(value: unknown): number {
  const text = String(value);
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^(\d+[hms])+$/.test(text))
    throw new Error(`not a duration: '${text}'; allowed: such as 300, 5m, 1h30m`);
  return [...text.matchAll(/(\d+)([hms])/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * SECONDS_OF[unit!]!,
    0,
  );
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.map(String)
    : String(value)
        .split(',')
        .map((text) => text.trim())
        .filter((text) => text !== '');

const sorted = (value: unknown, form: (item: unknown) => unknown): unknown =>
  Object.fromEntries(
    Object.entries(value as object)
      .map(([key, item]): [string, unknown] => [key, form(item)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
