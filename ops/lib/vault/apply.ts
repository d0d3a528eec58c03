/** Puts a synthesized stack on a Vault through its API, where Terraform has no provider for it. */
import { VaultError } from '@he300/benchmark/vault';
import { setTimeout as delay } from 'node:timers/promises';
import { CliError } from '../cli';
import { changeObject, differences, makeObject, readObject, type Access } from './live-object';
import { stackObjects, withoutVariables } from './stack-objects';
import type { Variables, VaultStackJson } from './stack-resources';

export interface ApplyOptions extends Access {
  /** Values of the stack's variables by name, as `TF_VAR_…` would hold them. Asked for only where a secret is written. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Leaves alone what stands elsewhere. @default - everything is wanted */
  readonly only?: (path: string) => boolean;
  /** Is told of each as soon as it is there. */
  readonly onApplied?: (applied: Applied) => void;
}

export interface Applied {
  readonly address: string;
  readonly path: string;
  readonly did: 'kept' | 'made' | 'changed';
}

/**
 * Makes what is missing and changes what differs, in the order of dependence; what the stack does not name is left as it is.
 * Safe to repeat, also after it was ended half way.
 * @throws VaultError when Vault refuses
 * @throws CliError for a variable without a value, and for a mount that would have to be another one
 * @throws Error for a stack that cannot be read
 */
export async function applyVaultStack(json: VaultStackJson, options: ApplyOptions): Promise<Applied[]> {
  const { variables = {}, only = () => true, onApplied } = options;
  const valueOf: Variables = (name) => {
    const value = variables[name];
    if (value === undefined) throw new CliError(`variable ${name} has no value; allowed: in TF_VAR_${name}`);
    return value;
  };
  const applied: Applied[] = [];
  for (const { address, object, attributes } of stackObjects(json)) {
    const wanted = attributes(withoutVariables);
    const path = object.path(wanted);
    if (!only(path)) continue;
    const found = await readObject(options, object, wanted);
    const differing = found ? differences(object, wanted, found) : [];
    if (!found) await whenReady(() => makeObject(options, object, attributes(valueOf)));
    else if (differing.length > 0) await changeObject(options, object, wanted, differing);
    const did = !found ? 'made' : differing.length > 0 ? 'changed' : 'kept';
    applied.push({ address, path, did });
    onApplied?.({ address, path, did });
  }
  return applied;
}

const UPGRADE_LIMIT_MS = 30_000;

/** A KV v2 engine that was just mounted says for a moment that it is being upgraded. */
async function whenReady(write: () => Promise<void>): Promise<void> {
  for (const started = Date.now(); ; await delay(100)) {
    try {
      return await write();
    } catch (error) {
      const upgrading = error instanceof VaultError && error.errors.some((line) => /upgrading/i.test(line));
      if (!upgrading || Date.now() - started > UPGRADE_LIMIT_MS) throw error;
    }
  }
}
