/** Addresses as people write them: plain words, commas as they are; no JSON in them. */
export type Words = Readonly<Record<string, unknown>>;

export const parseWords = (search: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(search));

const write = (text: string) =>
  encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%20', '+');

export function stringifyWords(words: Words): string {
  const parts = Object.entries(words)
    .filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false)
    .map(([name, value]) => `${write(name)}=${write(String(value))}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** A word of the address; nothing when it is not there. */
export const wordOf = (words: Words, name: string): string | undefined => {
  const value = words[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** Where to go next, as long as it is on this server: `//elsewhere` and `/\elsewhere` are addresses of others. */
export function insideAddress(next: string | undefined): string {
  if (next === undefined || !/^\/(?![/\\])/.test(next)) return '/';
  return /[\u0000-\u001f]/.test(next) ? '/' : next;
}
