/** Every kind of secret that can be rotated, by the name that a person gives. */
import { VAULT_PATHS } from '../../../../benchmark/src/contract/vault';
import type { Environment } from '../../../../environments/schema';
import { CliError } from '../../cli';
import type { Kind, Secrets } from '../kind';
import { apiKeyKind } from './api-key';
import { jwtKind } from './jwt';
import { postgresKind } from './postgres';
import { redisKind } from './redis';
import { webhookKind } from './webhook';
import { wireguardKind, wireguardKinds } from './wireguard';

/** One of each environment. */
const SINGLE: Readonly<Record<string, (env: Environment) => Kind>> = {
  webhook: webhookKind,
  jwt: jwtKind,
  postgres: postgresKind,
  redis: redisKind,
};

const ALLOWED = [...Object.keys(SINGLE), 'api-key/<name>', 'wireguard/<end>'].join(', ');
const NAMED = /^(api-key|wireguard)\/([a-z0-9][a-z0-9-]{0,62})$/;

/** @throws CliError when it is the name of no kind */
export function checkKindName(what: string): void {
  if (!Object.hasOwn(SINGLE, what) && !NAMED.test(what))
    throw new CliError(`'${what}'; allowed: ${ALLOWED}`, 2);
}

/** @throws CliError when there is no such kind, VaultError */
export async function kindOf(env: Environment, what: string, secrets: Secrets): Promise<Kind> {
  checkKindName(what);
  if (Object.hasOwn(SINGLE, what)) return SINGLE[what]!(env);
  const [, group, name] = NAMED.exec(what)!;
  if (group === 'api-key') return apiKeyKind(env, name!);
  const known = await wireguardKinds(env, secrets);
  // Vault holds the private key of no end that it does not know yet.
  return known.find((kind) => kind.what === what) ?? wireguardKind(env, name!, { byHand: true });
}

/** Those whose secret may be there: whether it is, its metadata tell. @throws VaultError */
export async function kindsIn(env: Environment, secrets: Secrets): Promise<readonly Kind[]> {
  const names = await secrets.list(VAULT_PATHS.apiKey('').replace(/\/$/, ''));
  const kinds = [
    ...Object.values(SINGLE).map((of) => of(env)),
    ...names.map((name) => apiKeyKind(env, name)),
    ...(await wireguardKinds(env, secrets)),
  ];
  // Others may keep there what they call as they like.
  return kinds.filter(({ what }) => Object.hasOwn(SINGLE, what) || NAMED.test(what));
}
