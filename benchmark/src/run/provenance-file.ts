/** What the supervisor of a rented host knows of a run, and the runner cannot find out: who asked for it, on what, at what price. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { host, price, trigger } from '../contract/provenance';
import { InputError } from '../errors';

export const provenance = z.strictObject({ trigger, host, price });
export type Provenance = z.infer<typeof provenance>;

/** @throws InputError */
export function readProvenance(path: string): Provenance {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InputError(`provenance: cannot read ${path}: ${(error as Error).message}`);
  }
  const { data, error } = provenance.safeParse(value);
  if (data) return data;
  const { path: field, message } = error.issues[0]!;
  throw new InputError(`provenance: ${path}: ${field.join('.')}: ${message}`);
}
