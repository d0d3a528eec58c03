/** Reads what the host was told at its first boot. */
import { readFileSync } from 'node:fs';
import { hostConfig, type HostConfig } from '../contract/host-config';
import { InputError } from '../errors';

/** @throws InputError naming the field */
export function readHostConfig(path: string): HostConfig {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new InputError(`host: cannot read ${path}: ${(error as Error).message}`);
  }
  const { data, error } = hostConfig.safeParse(value);
  if (data) return data;
  const { path: field, message } = error.issues[0]!;
  throw new InputError(`host: ${path}: ${field.join('.') || 'host.json'}: ${message}`);
}
