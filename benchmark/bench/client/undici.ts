/** The HTTP client that the runner stands on, with nothing around it. */
import type { Client } from './client';
import { ours } from './ours';

export const undici: Client = { name: 'undici', roughRate: 13_000, install: ours('undici-process') };
