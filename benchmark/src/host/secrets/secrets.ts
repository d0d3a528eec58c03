/** Where a host reads its secrets: one interface, one kind of source each. */
import { HOST_SECRETS, type HostConfig } from '../../contract/host-config';
import { InputError } from '../../errors';
import type { AwsClient } from '../aws/client';
import type { HostLog } from '../log/host-log';
import type { Redactor } from '../log/redactor';
import type { Secret } from '../log/secret';
import { SsmSource } from './ssm-source';
import { openVault } from './vault';

export interface SecretsSource {
  /**
   * By name; what the source does not have is not in it.
   * @throws AwsError or VaultError when it is out of reach, InputError when it refuses
   */
  read(names: readonly string[]): Promise<ReadonlyMap<string, Secret>>;
  /** Where a secret stands, as a person would look for it. */
  placeOf(name: string): string;
  /** Gives back what the host logged in with, where it did: nothing can be read after it. @throws Error when something of it stays */
  end(): Promise<void>;
}

export interface SourceContext {
  /** Signs as the instance's role. */
  readonly client: AwsClient;
  readonly redactor: Redactor;
  readonly log: HostLog;
  /** Of the supervisor: everything in it stays on the disk. */
  readonly state: string;
  /** In memory, and there until the machine is switched off. @default - nothing is kept for a restart */
  readonly runtimeDirectory?: string | undefined;
}

/** One for the host's whole life: what it logged in with is not asked for twice. */
export function secretsSource(
  { secrets, homeRegion: region }: Pick<HostConfig, 'secrets' | 'homeRegion'>,
  context: SourceContext,
): SecretsSource {
  switch (secrets.kind) {
    case 'ssm': {
      const { client, redactor } = context;
      return new SsmSource({ client, redactor, region, parameterPath: secrets.parameterPath });
    }
    case 'vault':
      return openVault(secrets, context);
  }
}

export interface HostSecrets {
  /** Null where there is no dashboard. */
  readonly webhookKey: Secret | null;
  readonly dashboardToken: Secret | null;
  readonly modelApiKey: Secret | null;
  readonly tailscaleAuthKey: Secret | null;
}

/** Reads what the host needs. @throws InputError when something is missing or is no key */
export async function readHostSecrets(
  source: SecretsSource,
  { dashboardUrl, network }: Pick<HostConfig, 'dashboardUrl' | 'network'>,
): Promise<HostSecrets> {
  const found = await source.read(Object.values(HOST_SECRETS));
  const get = (name: keyof typeof HOST_SECRETS): Secret | null => found.get(HOST_SECRETS[name]) ?? null;
  const need = (name: keyof typeof HOST_SECRETS, what: string): Secret => {
    const secret = get(name);
    if (!secret) {
      const key = HOST_SECRETS[name];
      throw new InputError(`secrets: no ${key} at ${source.placeOf(key)}; ${what}`);
    }
    return secret;
  };
  const webhookKey =
    dashboardUrl === null ? null : need('webhookKey', 'the dashboard takes no event without it');
  if (webhookKey && !isWebhookKey(webhookKey))
    throw new InputError(
      `secrets: ${HOST_SECRETS.webhookKey} is no key; allowed: whsec_ and base64 of 24 to 64 bytes`,
    );
  return {
    webhookKey,
    dashboardToken: get('dashboardToken'),
    modelApiKey: get('modelApiKey'),
    tailscaleAuthKey:
      network.kind === 'tailscale' ? need('tailscaleAuthKey', 'the tailnet takes no host without it') : null,
  };
}

/** As Standard Webhooks recommends it. */
function isWebhookKey(secret: Secret): boolean {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret.reveal()) ?? [];
  const { length } = Buffer.from(base64 ?? '', 'base64');
  return length >= 24 && length <= 64;
}
