/** Secrets of a KV v2 engine: https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2 */
import { VaultError, type VaultClient, type VaultRequest } from './client';

export interface KvPlace {
  readonly client: VaultClient;
  readonly token: string;
  /** Of the engine. */
  readonly mount: string;
  /** Below it. */
  readonly path: string;
  readonly signal?: AbortSignal;
}

export interface KvSecret {
  readonly fields: Readonly<Record<string, string>>;
  /** Counts from 1. */
  readonly version: number;
}

interface KvWire {
  readonly data: Readonly<Record<string, string>> | null;
  readonly metadata: { readonly version: number };
}

/** Undefined when there is none, or its newest version was deleted. @throws VaultError also when there is no engine */
export async function readKv(place: KvPlace): Promise<KvSecret | undefined> {
  try {
    const { data } = await place.client.send<KvWire>(request(place, 'GET'));
    return data.data ? { fields: data.data, version: data.metadata.version } : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Whether there is no such secret: an engine that is not there is HTTP 404 too, but says so. */
export const isAbsent = (error: unknown): boolean =>
  error instanceof VaultError && error.problem === 'not-found' && error.errors.length === 0;

/**
 * Writes another version, and returns its number.
 * @param cas the version that it must follow, 0 where there is none yet: refused when somebody was faster
 * @throws VaultError
 */
export async function writeKv(
  place: KvPlace,
  fields: Readonly<Record<string, string>>,
  cas?: number,
): Promise<number> {
  const body = { data: fields, ...(cas === undefined ? {} : { options: { cas } }) };
  const { data } = await place.client.send<{ version: number }>({ ...request(place, 'POST'), body });
  return data.version;
}

const request = ({ mount, path, token, signal }: KvPlace, method: 'GET' | 'POST'): VaultRequest => ({
  ...{ method, path: `${mount}/data/${path}`, token },
  ...(signal ? { signal } : {}),
});
