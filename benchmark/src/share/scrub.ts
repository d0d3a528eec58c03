/** Takes addresses, paths and names out of text that a program wrote. */

/** What stands in their place. */
export const REMOVED = '[removed]';

const PATTERNS: readonly RegExp[] = [
  // Addresses with a scheme, and mail addresses.
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s'"<>]+/gi,
  /[^\s'"<>@]+@[^\s'"<>@]+\.[a-z]{2,}/gi,
  // IPv4 and IPv6, with a port where there is one.
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /\[?\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,}(?:\.\d+)*\]?(?::\d+)?|\[?::[0-9a-f][0-9a-f:.]*\]?(?::\d+)?/gi,
  // Absolute paths of at least two parts, and those of Windows.
  /(?<![\w.])~?(?:\/[^\s'"/:,;)]+){2,}/g,
  /\b[a-z]:\\[^\s'"]+/gi,
  // Names of hosts: parts with dots, the last of letters.
  /\b(?:[a-z0-9_-]+\.)+[a-z]{2,}(?::\d+)?\b/gi,
];

/** Shorter names would be found in the middle of words. */
const SHORTEST_NAME = 3;

/** @param names values that must not stay, whatever they look like */
export function scrubber(names: readonly string[]): (text: string) => string {
  const longest = [...names]
    .filter(({ length }) => length >= SHORTEST_NAME)
    .sort((a, b) => b.length - a.length);
  const known = longest.length === 0 ? [] : [new RegExp(longest.map(literal).join('|'), 'gi')];
  return (text) => [...known, ...PATTERNS].reduce((left, pattern) => left.replaceAll(pattern, REMOVED), text);
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
