/** The runner itself. */
import type { Client } from './client';
import { ours } from './ours';

export const he300: Client = { name: 'he300', roughRate: 8_000, install: ours('he300-process') };
