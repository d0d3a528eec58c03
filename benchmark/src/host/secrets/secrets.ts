/** Where a host reads its secrets: one interface, one kind of source each. */
import { HOST_SECRETS, type HostConfig } from '../../contract/host-config';
import { InputError } from '../../errors';
import type { AwsClient } from '../aws/client';
import { getParameters } from '../aws/ssm';
import type { Redactor } from '../log/redactor';
import { Secret } from '../log/secret';

export interface SecretsSource {
  /** By name; what the source does not have is not in it. @throws AwsError when it is out of reach */
  read(names: readonly string[]): Promise<ReadonlyMap<string, Secret>>;
  /** Gives back what the host logged in with, where it did: nothing can be read after it. Never throws. */
  end(): Promise<void>;
}

/** @throws InputError for a source that this runner does not know yet */
export function secretsSource(
  { secrets, homeRegion }: Pick<HostConfig, 'secrets' | 'homeRegion'>,
  { client, redactor }: { readonly client: AwsClient; readonly redactor: Redactor },
): SecretsSource {
  switch (secrets.kind) {
    case 'ssm': {
      const { parameterPath } = secrets;
      return {
        async read(names) {
          const paths = names.map((name) => `${parameterPath}/${name}`);
          const values = await getParameters(client, homeRegion, paths);
          return new Map(
            names.flatMap((name, i) => {
              const value = values.get(paths[i]!);
              return value === undefined ? [] : [[name, redactor.know(new Secret(value))] as const];
            }),
          );
        },
        // The instance's role ends with the instance.
        end: () => Promise.resolve(),
      };
    }
    case 'vault':
      throw new InputError('secrets: source vault; allowed: ssm, for this runner cannot log in to Vault yet');
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
    if (!secret) throw new InputError(`secrets: no ${HOST_SECRETS[name]}; ${what}`);
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
