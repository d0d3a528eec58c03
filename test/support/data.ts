import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const PLACE = resolve(__dirname, '../../../shared/data');

/** Where the public data sets lie that are never copied into the project, or why a test cannot have them. */
export function sharedData(): { readonly path: string } | { readonly missing: string } {
  return existsSync(PLACE) ? { path: PLACE } : { missing: 'no ../shared/data beside the project' };
}
