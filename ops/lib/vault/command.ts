/** `vault-init`: its options, and what it says. */
import { VaultError } from '@he300/benchmark/vault';
import { namesOf } from '../../../constructs/naming/names';
import { ADOPT_AUDIT_DEVICE } from '../../../constructs/vault/audit-device';
import type { Environment } from '../../../environments/schema';
import { CliError, type CliArgs, type CliOut } from '../cli';
import { vaultClientOf, type Variables } from '../vault-login';
import { compareVaultStack, driftLine } from './compare';
import { KeysFile } from './keys-file';
import type { VaultKeys } from './seal';
import { invalidToken, setUp } from './set-up';
import type { VaultStackJson } from './stack-resources';
import { lookUp } from './tokens';

export const VAULT_INIT = {
  name: 'vault-init',
  summary:
    'sets up the Vault of an environment until Terraform can take over, or checks it against the stack; safe to repeat',
  usage: 'npm run vault-init -- <env> [options]',
  options: {
    verify: {
      type: 'boolean',
      help: 'only compare the Vault with the synthesized stack, and list what differs (exit code 1)',
    },
    apply: {
      type: 'boolean',
      help: 'put the whole stack there through the API, where Terraform has no provider for it',
    },
    'keys-file': {
      type: 'string',
      value: 'FILE',
      help: 'where the keys of a new Vault go, and come from when one is sealed; else they are printed once',
    },
    'key-shares': { type: 'string', value: 'N', default: '5', help: 'into how many its key is split' },
    'key-threshold': { type: 'string', value: 'N', default: '3', help: 'how many of them are needed' },
    'admin-hours': {
      type: 'string',
      value: 'N',
      help: 'also make a token of the role admin, good for so many hours',
    },
    'keep-root': { type: 'boolean', help: 'do not revoke the root token of a new Vault' },
  },
  positionals: ['<env>'],
} as const;

export interface VaultInit {
  readonly environment: Environment;
  /** Of that environment. */
  readonly json: VaultStackJson;
  readonly values: CliArgs<typeof VAULT_INIT.options>['values'];
  /** `VAULT_ADDR`, `VAULT_TOKEN`, `TF_VAR_…`. */
  readonly variables: Variables;
  /** Whether a person reads what is printed. @default - whether it is a terminal */
  readonly terminal?: boolean;
}

/** The exit code. @throws CliError */
export async function vaultInit(command: VaultInit, out: CliOut): Promise<number> {
  if (command.values.verify && command.values.apply)
    throw new CliError('--verify takes no --apply; see --help', 2);
  try {
    return await (command.values.verify ? verified(command, out) : init(command, out));
  } catch (error) {
    throw error instanceof VaultError ? new CliError(error.message) : error;
  }
}

async function verified({ environment, json, variables }: VaultInit, out: CliOut): Promise<number> {
  const client = vaultClientOf(environment, variables);
  const { VAULT_TOKEN: token } = variables;
  if (!token) throw new CliError(`VAULT_TOKEN is not set; allowed: a token of ${client.address}`);
  if (!(await lookUp(client, token))) throw invalidToken(client);
  const drifts = await compareVaultStack(json, { client, token, names: namesOf(environment) });
  for (const drift of drifts) out.print(driftLine(drift));
  if (drifts.length === 0) out.print(`${client.address} is what ${environment.name}-vault says`);
  out.result({ environment: environment.name, address: client.address, drifts });
  return drifts.length === 0 ? 0 : 1;
}

async function init(command: VaultInit, out: CliOut): Promise<number> {
  const { environment, json, values, variables, terminal = process.stdout.isTTY } = command;
  const client = vaultClientOf(environment, variables);
  const shares = {
    count: numberOf(values, 'key-shares', 10),
    threshold: numberOf(values, 'key-threshold', 10),
  };
  const tellsTokens = terminal || out.json;
  const adminHours = adminHoursOf(values, tellsTokens);
  const keysFile = values['keys-file'] === undefined ? undefined : KeysFile.open(values['keys-file']);
  const done: { readonly did: string; readonly what: string }[] = [];
  const { deployToken, adminToken, isDeploy, broughtRoot, finish } = await setUp({
    ...{ environment, json, client, shares, token: variables['VAULT_TOKEN'] },
    apply: values.apply ?? false,
    ...{ keysFile, adminHours, tellsTokens },
    show: terminal && !out.json ? (keys) => showKeys(keys, out) : undefined,
    variables: terraformVariables(variables),
    tell: (did, what) => {
      done.push({ did, what });
      out.print(`${did.padEnd(8)} ${what}`);
    },
  });
  const place = deployToken === undefined ? 'yours' : `deploy_token in ${keysFile?.path}`;
  let next = deployCommand(environment, json);
  if (values.apply) next = `npm run vault-init -- ${environment.name} --verify`;
  else if (!isDeploy && tellsTokens) next = deployCommand(environment, json, deployToken);
  else if (!isDeploy) next = `${deployCommand(environment, json, '…')}  # ${place}`;
  if (adminToken !== undefined) out.print(`admin    VAULT_TOKEN=${adminToken}`);
  out.print(`next     ${next}`);
  if (broughtRoot) out.progress('vault-init: VAULT_TOKEN is a root token: revoke it when you are done');
  // Whoever kills it from here on has everything that is told once.
  out.result({ environment: environment.name, address: client.address, done, deployToken, adminToken, next });
  if (!values['keep-root']) await finish();
  return 0;
}

function showKeys(keys: VaultKeys, out: CliOut): void {
  out.print('Keep these apart from one another. Nobody tells them again.');
  for (const [index, key] of keys.unseal_keys_b64.entries()) out.print(`unseal key ${index + 1}    ${key}`);
  for (const [index, key] of keys.recovery_keys_b64.entries()) out.print(`recovery key ${index + 1}  ${key}`);
  out.print(`root token      ${keys.root_token}`);
}

/** @param token @default - the one at hand */
function deployCommand({ name }: Environment, { variable = {} }: VaultStackJson, token?: string): string {
  const set = Object.keys(variable).map(
    (name) => `TF_VAR_${name}=${name === ADOPT_AUDIT_DEVICE ? 'true' : '…'} `,
  );
  if (token !== undefined) set.push(`VAULT_TOKEN=${token} `);
  return `${set.join('')}npx cdktf deploy ${name}-vault`;
}

function adminHoursOf(values: VaultInit['values'], tellsTokens: boolean): number | undefined {
  if (values['admin-hours'] === undefined) return undefined;
  const hours = numberOf(values, 'admin-hours', 72);
  if (tellsTokens) return hours;
  throw new CliError(
    '--admin-hours: its token is told once, and here it would stay in a log; allowed: with a terminal, or --json',
    2,
  );
}

const terraformVariables = (variables: Variables): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      name.startsWith('TF_VAR_') && value !== undefined ? [[name.slice('TF_VAR_'.length), value]] : [],
    ),
  );

function numberOf(
  values: VaultInit['values'],
  name: 'key-shares' | 'key-threshold' | 'admin-hours',
  most: number,
): number {
  const text = String(values[name]);
  const number = Number(text);
  if (!/^[1-9]\d*$/.test(text) || number > most)
    throw new CliError(`--${name}: '${text}'; allowed: 1 to ${most}`, 2);
  return number;
}
