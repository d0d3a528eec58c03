/** From a Vault that nobody has set up, or that is sealed, to one that can be asked. */
import type { VaultClient } from '@he300/benchmark/vault';
import { CliError } from '../cli';
import type { KeysFile } from './keys-file';
import {
  initialize,
  sealState,
  unseal,
  untilReady,
  type SealState,
  type Shares,
  type VaultKeys,
} from './seal';

export interface OpeningOptions {
  readonly client: VaultClient;
  readonly shares: Shares;
  /** Whether a Vault that is new may be made. @throws CliError when it may not */
  readonly mayInitialize: () => void;
  /** Where keys are kept. @default - they are shown */
  readonly keysFile?: KeysFile | undefined;
  /** Shows keys to a person, once. @default - nobody is there */
  readonly show?: ((keys: VaultKeys) => void) | undefined;
  readonly tell: (did: string, what: string) => void;
}

export interface Opened {
  /** Of this set-up, where they are known. */
  readonly keys?: VaultKeys;
  /** Which Vault it is, where it says so. */
  readonly clusterId?: string;
}

/** @throws CliError, also for keys of another Vault; VaultError */
export async function opened(options: OpeningOptions): Promise<Opened> {
  const { client, keysFile, tell } = options;
  const before = await sealState(client);
  const keys = before.initialized ? keysFile?.keys : await made(options, before);
  const opens = !before.initialized || before.sealed;
  if (opens) await unsealed(client, before, keys);
  if (opens) tell('unsealed', client.address);
  const { clusterId } = opens ? await sealState(client) : before;
  if (keys?.cluster_id !== undefined && clusterId !== undefined && keys.cluster_id !== clusterId)
    throw new CliError(
      `--keys-file: ${keysFile!.path} holds the keys of another Vault than ${client.address}: cluster ${keys.cluster_id}; allowed: of cluster ${clusterId}`,
    );
  return { ...(keys ? { keys } : {}), ...(clusterId === undefined ? {} : { clusterId }) };
}

async function made(options: OpeningOptions, state: SealState): Promise<VaultKeys> {
  const { client, shares, mayInitialize, keysFile, show, tell } = options;
  mayInitialize();
  if (!keysFile && !show)
    throw new CliError(
      'the keys of a new Vault are told once, and here they would stay in a log; allowed: a terminal, or --keys-file FILE',
    );
  if (keysFile?.keys)
    throw new CliError(
      `--keys-file: ${keysFile.path} holds the keys of another Vault; allowed: a file that is not there`,
    );
  keysFile?.reserve();
  const keys = await initialize(client, shares, state);
  if (keysFile) keep(keysFile, keys, options);
  else show?.(keys);
  tell(
    'made',
    `${client.address}: ${shares.count} keys, ${shares.threshold} of them ${state.unsealsItself ? 'recover' : 'unseal'} it`,
  );
  return keys;
}

/** A disk that is full costs nobody the only keys there are. */
function keep(keysFile: KeysFile, keys: VaultKeys, { show = shownAnyhow }: OpeningOptions): void {
  try {
    keysFile.write(keys);
  } catch (error) {
    show(keys);
    throw error;
  }
}

const shownAnyhow = (keys: VaultKeys): void => console.error(JSON.stringify(keys));

async function unsealed(client: VaultClient, state: SealState, keys: VaultKeys | undefined): Promise<void> {
  if (!state.unsealsItself) {
    if (!keys)
      throw new CliError(
        `vault: ${client.address} is sealed; give it ${state.threshold} of its keys with \`vault operator unseal\`, or --keys-file FILE`,
      );
    await unseal(client, keys.unseal_keys_b64);
    if ((await sealState(client)).sealed)
      throw new CliError(
        `vault: ${client.address} is sealed after ${keys.unseal_keys_b64.length} keys; ${state.threshold} are needed`,
      );
  }
  await untilReady(client);
}
