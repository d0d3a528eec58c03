/**
 * Sets Vault up where nobody has, and puts the root token and the recovery key where administrators of the account can read
 * them. With a seal of the cloud, that key opens nothing: it lets its holder ask for another root token.
 */
import { VaultClient } from '@he300/benchmark/vault';
import { existsSync } from 'node:fs';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsRefused, type Aws } from '../../vm/aws';
import type { VaultVmConfig } from '../config';

/** In our directory, from the moment that Vault has given them until they are in their parameter. */
const KEYS = 'first-keys.json';
/** Beside it, from then on. */
const DELIVERED = 'first-keys-are-delivered';

export interface FirstKeys {
  readonly root_token: string;
  /** In base64; one, for a machine that keeps several in one place has not shared anything. */
  readonly recovery_keys: readonly string[];
}

interface Initialized {
  readonly root_token: string;
  readonly recovery_keys_base64: readonly string[];
}

/**
 * Does nothing where Vault is set up and the keys are delivered; goes on where a machine was ended in between.
 * @returns whether keys were put into the parameter
 * @throws Error when Vault does not answer, when SSM refuses them, or when Vault was set up and nobody here has its keys
 */
export async function deliverFirstKeys(
  config: Pick<VaultVmConfig, 'address' | 'directory' | 'firstKeysParameter' | 'keyAlias'>,
  aws: Pick<Aws, 'call'>,
): Promise<boolean> {
  const [path, delivered] = [KEYS, DELIVERED].map((name) => join(config.directory, name)) as [string, string];
  const vault = new VaultClient({ address: config.address, timeLimitMs: 60_000 });
  const { data } = await vault.send<{ readonly initialized: boolean }>({ method: 'GET', path: 'sys/init' });
  if (!data.initialized) {
    // What is there belongs to a Vault that is not this one any more.
    for (const stale of [path, delivered]) await rm(stale, { force: true });
    const body = { recovery_shares: 1, recovery_threshold: 1 };
    const made = await vault.send<Initialized>({ method: 'POST', path: 'sys/init', body });
    const { root_token, recovery_keys_base64: recovery_keys } = made.data;
    await keep(path, { root_token, recovery_keys });
  }
  if (existsSync(delivered)) {
    // Left where the machine was ended just after they were delivered.
    await rm(path, { force: true });
    return false;
  }
  if (!existsSync(path)) {
    const allowed = `an empty volume, or the file ${delivered} from whoever has the keys`;
    throw new Error(`Vault is set up, and its keys are not here; allowed: ${allowed}`);
  }
  const Value = await readFile(path, 'utf8');
  const { firstKeysParameter: Name, keyAlias: KeyId } = config;
  await aws
    .call('ssm', 'AmazonSSM.PutParameter', { Name, Value, Type: 'SecureString', KeyId, Overwrite: true })
    .catch((error: unknown) => {
      throw error instanceof AwsRefused ? new Error(`${Name}: ${error.kind}`) : error;
    });
  await writeFile(delivered, '');
  await rm(path);
  return true;
}

/** On the disk before anything else is done: Vault says them once. */
async function keep(path: string, keys: FirstKeys): Promise<void> {
  const file = await open(`${path}.part`, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(keys));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}
