/** Secrets of an environment in a real Vault, and `rotate` at them, with a clock that the test puts forward. */
import { VAULT_PATHS } from '../../benchmark/src/contract/vault';
import { VaultClient } from '../../benchmark/src/vault';
import { namesOf } from '../../constructs/naming/names';
import { loadEnvironment } from '../../environments';
import type { Environment, VaultSecrets } from '../../environments/schema';
import { rotate, ROTATED_AT, type Outcome, type RotationContext } from '../../ops/lib/rotation/engine';
import type { Fields, Kind } from '../../ops/lib/rotation/kind';
import { VaultSecretsOf } from '../../ops/lib/rotation/secrets';
import { applyVaultStack } from '../../ops/lib/vault/apply';
import type { VaultStackJson } from '../../ops/lib/vault/stack-resources';
import type { Tool } from '../../ops/lib/tool';
import { vaultStackOf } from './stacks';
import { withVault, type VaultServer } from './vault';

export type WithVault = Environment & { readonly secrets: VaultSecrets };

const HOUR_MS = 3_600_000;

export class RotationWorld {
  readonly lines: string[] = [];
  private later = 0;

  constructor(
    readonly vault: VaultServer,
    readonly env: WithVault,
    /** Of the role `rotate`, with its policy. */
    readonly token: string,
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  now(): Date {
    return new Date(Date.now() + this.later);
  }

  hoursPass(hours: number): void {
    this.later += hours * HOUR_MS;
  }

  passUntil(time: Date): void {
    this.later += Math.max(0, time.getTime() - this.now().getTime());
  }

  /** Of the secret, as an administrator sees it; undefined when there is none. */
  async read(path: string): Promise<Fields | undefined> {
    return (await this.secrets(this.vault.rootToken).read(path))?.fields;
  }

  async write(path: string, fields: Fields): Promise<void> {
    const secrets = this.secrets(this.vault.rootToken);
    await secrets.write(path, fields, await secrets.read(path));
  }

  /** Names of what is not finished. */
  unfinished(): Promise<readonly string[]> {
    return this.secrets(this.vault.rootToken).list('he300/rotation');
  }

  /** Ends a rotation where it is, as an administrator can. */
  giveUp({ what }: Kind): Promise<void> {
    return this.secrets(this.vault.rootToken).drop(VAULT_PATHS.rotation(what.replaceAll('/', '-')));
  }

  /** As the metadata of the secret say; undefined when no rotation of it has ended. */
  async rotatedAt({ path }: Kind): Promise<string | undefined> {
    return (await this.secrets(this.vault.rootToken).metadata(path))?.custom[ROTATED_AT];
  }

  /** One run of `rotate <env> <what>`. What is waited for in it passes at once. */
  async rotate(kind: Kind, changes: Partial<RotationContext> = {}): Promise<Outcome> {
    return rotate(kind, {
      ...{ env: this.env, variables: this.variables, fetch, leaked: false, settleSeconds: 90 },
      secrets: this.secrets(this.token),
      now: () => this.now(),
      wait: (ms) => Promise.resolve(void (this.later += ms)),
      progress: (line) => void this.lines.push(line),
      ...changes,
    });
  }

  /** The whole of it: as `--due` goes on with it from day to day. */
  async rotateToTheEnd(kind: Kind, changes: Partial<RotationContext> = {}): Promise<void> {
    for (;;) {
      const outcome = await this.rotate(kind, changes);
      if (outcome.did === 'rotated') return;
      this.passUntil(outcome.until);
    }
  }

  private secrets(token: string): VaultSecretsOf {
    const client = new VaultClient({ address: this.vault.address });
    return new VaultSecretsOf({ client, mount: this.env.secrets.mount, token: () => Promise.resolve(token) });
  }
}

/** One Vault for the suite it is called in, as the stack of `prod` makes it. */
export function withRotationWorld(
  tool: Tool,
  { env = loadEnvironment('prod') as WithVault, variables = () => ({}) }: RotationWorldOptions = {},
): () => RotationWorld {
  const vault = withVault(tool);
  let world: RotationWorld | undefined;
  beforeAll(async () => {
    const server = vault();
    const client = new VaultClient({ address: server.address });
    await applyVaultStack(withoutLogins(vaultStackOf(env).json), { client, token: server.rootToken });
    const body = { policies: [namesOf(env).vault.role('rotate')], no_default_policy: true, ttl: '1h' };
    const { auth } = await server.send({ method: 'POST', path: 'auth/token/create', body });
    world = new RotationWorld(server, env, auth!.token, variables());
  });
  return () => {
    if (!world) throw new Error('there is no world outside of hooks and tests');
    return world;
  };
}

/** Its secrets, and who may do what with them. */
function withoutLogins({ resource = {}, ...rest }: VaultStackJson): VaultStackJson {
  const { vault_mount: mounts = {}, vault_policy: policies = {} } = resource;
  return { ...rest, resource: { vault_mount: mounts, vault_policy: policies } };
}

export interface RotationWorldOptions {
  /** @default - prod */
  readonly env?: WithVault;
  /** Of the process that rotates, once everything is started. @default - none */
  readonly variables?: () => Readonly<Record<string, string>>;
}
