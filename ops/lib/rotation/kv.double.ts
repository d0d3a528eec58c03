/**
 * A KV v2 engine of Vault in memory, as far as rotations ask it, made from
 * https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2. The real one is asked in `test/integration/rotate.test.ts`.
 */
import { VaultClient } from '../../../benchmark/src/vault';
import { VaultSecretsOf } from './secrets';

interface Stored {
  readonly versions: { readonly fields: unknown; readonly created_time: string; deletion_time: string }[];
  custom_metadata: unknown;
}

export class KvDouble {
  private readonly stored = new Map<string, Stored>();
  requests = 0;

  constructor(private readonly now: () => Date) {}

  /**
   * @param before called before each request is heard: what it throws is the network's failure
   * @param mount where it is looked for: it is mounted at `kv`
   */
  secrets(before: (request: number) => void = () => undefined, mount = 'kv'): VaultSecretsOf {
    const ask: typeof fetch = (url, init) => {
      before(++this.requests);
      const route = new URL(String(url)).pathname.slice('/v1/'.length);
      const [, kind, path] = /^kv\/(data|metadata)\/(.*)$/.exec(route) ?? [];
      if (path === undefined)
        return Promise.resolve(failure(404, `no handler for route "${route}". route entry not found.`));
      const body = init?.body ? JSON.parse(String(init.body)) : undefined;
      return Promise.resolve(this.answer(`${init?.method} ${kind}`, path, body));
    };
    const client = new VaultClient({ address: 'http://vault.test', fetch: ask });
    return new VaultSecretsOf({ client, mount, token: () => Promise.resolve('a-token') });
  }

  /** As an administrator deletes the newest version: the engine keeps it, and that there was one. */
  delete(path: string): void {
    this.stored.get(path)!.versions.at(-1)!.deletion_time = this.now().toISOString();
  }

  /** Names of the paths that have any version. */
  get paths(): readonly string[] {
    return [...this.stored.keys()];
  }

  private answer(what: string, path: string, body: Body = {}): Response {
    const found = this.stored.get(path);
    switch (what) {
      case 'GET data': {
        const newest = found?.versions.at(-1);
        if (!newest || newest.deletion_time !== '') return failure(404);
        return success({ data: newest.fields, metadata: { version: found!.versions.length } });
      }
      case 'POST data': {
        const { versions } = found ?? this.create(path);
        const { cas } = body.options ?? {};
        if (cas !== undefined && cas !== versions.length)
          return failure(400, 'check-and-set parameter did not match the current version');
        versions.push({ fields: body.data, created_time: this.now().toISOString(), deletion_time: '' });
        return success({ version: versions.length });
      }
      case 'GET metadata':
        return found ? success(metadataOf(found)) : failure(404);
      case 'POST metadata':
        (found ?? this.create(path)).custom_metadata = body.custom_metadata;
        return new Response(null, { status: 204 });
      case 'DELETE metadata':
        this.stored.delete(path);
        return new Response(null, { status: 204 });
      case 'LIST metadata': {
        const below = [...this.stored.keys()].filter((key) => key.startsWith(`${path}/`));
        const names = below.map((key) => key.slice(path.length + 1).replace(/\/.*/, '/'));
        return names.length > 0 ? success({ keys: [...new Set(names)] }) : failure(404);
      }
      default:
        return failure(405, 'unsupported operation');
    }
  }

  private create(path: string): Stored {
    const made: Stored = { versions: [], custom_metadata: null };
    this.stored.set(path, made);
    return made;
  }
}

interface Body {
  readonly data?: unknown;
  readonly options?: { readonly cas?: number };
  readonly custom_metadata?: unknown;
}

const success = (data: unknown): Response => Response.json({ data });
const failure = (status: number, ...errors: readonly string[]): Response =>
  Response.json({ errors }, { status });

function metadataOf({ versions, custom_metadata }: Stored) {
  const numbered = versions.map(({ created_time, deletion_time }, i) => [
    String(i + 1),
    { created_time, deletion_time, destroyed: false },
  ]);
  return {
    current_version: versions.length,
    created_time: versions[0]?.created_time ?? new Date(0).toISOString(),
    versions: Object.fromEntries(numbered),
    custom_metadata,
  };
}
