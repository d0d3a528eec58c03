/** The KV v2 engine of an environment, as rotations use it. */
import {
  isAbsent,
  readKv,
  VaultError,
  writeKv,
  type KvSecret,
  type VaultClient,
} from '../../../benchmark/src/vault';
import type { Fields, Secrets } from './kind';

/** What is known of a secret without reading it. */
export interface Metadata {
  /** Of the newest version, as are the next two. 0 when there is none yet. */
  readonly version: number;
  readonly writtenAt: Date;
  readonly deleted: boolean;
  readonly custom: Fields;
}

interface MetadataWire {
  readonly current_version: number;
  readonly created_time: string;
  readonly versions: Readonly<Record<string, VersionWire>>;
  readonly custom_metadata: Fields | null;
}

interface VersionWire {
  readonly created_time: string;
  readonly deletion_time: string;
  readonly destroyed: boolean;
}

export interface SecretsOptions {
  readonly client: VaultClient;
  readonly mount: string;
  /** Asked for before each request, for a login may not last as long as a rotation. */
  readonly token: () => Promise<string>;
}

export class VaultSecretsOf implements Secrets {
  constructor(private readonly options: SecretsOptions) {}

  async read(path: string): Promise<KvSecret | undefined> {
    return readKv(await this.place(path));
  }

  async write(path: string, fields: Fields, before: KvSecret | undefined): Promise<void> {
    if (before && sameFields(before.fields, fields)) return;
    // A secret whose newest version was deleted has a version still.
    const cas = before?.version ?? (await this.metadata(path))?.version ?? 0;
    await writeKv(await this.place(path), fields, cas);
  }

  /** @returns the version written; undefined when another one had been written meanwhile */
  async writeAfter(path: string, fields: Fields, version: number): Promise<number | undefined> {
    try {
      return await writeKv(await this.place(path), fields, version);
    } catch (error) {
      if (error instanceof VaultError && error.errors.some((line) => line.includes('check-and-set')))
        return undefined;
      throw error;
    }
  }

  async list(path: string): Promise<readonly string[]> {
    const found = await this.metadataRequest<{ keys: readonly string[] }>('LIST', path);
    return (found?.keys ?? []).filter((name) => !name.endsWith('/'));
  }

  /** Undefined when there is no such secret. */
  async metadata(path: string): Promise<Metadata | undefined> {
    const found = await this.metadataRequest<MetadataWire>('GET', path);
    if (!found) return undefined;
    const version = found.versions[found.current_version];
    return {
      version: found.current_version,
      writtenAt: new Date(version?.created_time ?? found.created_time),
      deleted: !version || version.destroyed || version.deletion_time !== '',
      custom: found.custom_metadata ?? {},
    };
  }

  /** Keeps what others have noted there. */
  async note(path: string, notes: (metadata: Metadata | undefined) => Fields): Promise<void> {
    const { client, mount } = this.options;
    const before = await this.metadata(path);
    const body = { custom_metadata: { ...before?.custom, ...notes(before) } };
    await client.send({ method: 'POST', path: `${mount}/metadata/${path}`, body, token: await this.token() });
  }

  /** With all its versions. */
  async drop(path: string): Promise<void> {
    await this.metadataRequest('DELETE', path);
  }

  private async metadataRequest<T>(method: 'GET' | 'LIST' | 'DELETE', path: string): Promise<T | undefined> {
    const { client, mount } = this.options;
    try {
      const answer = await client.send<T>({
        ...{ method, path: `${mount}/metadata/${path}`, token: await this.token() },
      });
      return answer.data;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  private async place(path: string) {
    const { client, mount } = this.options;
    return { client, mount, path, token: await this.token() };
  }

  private token(): Promise<string> {
    return this.options.token();
  }
}

function sameFields(a: Fields, b: Fields): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
