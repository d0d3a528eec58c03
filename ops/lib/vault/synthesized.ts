/** The Vault stack of an environment as `cdktf synth` writes it, without the other stacks and what they are built from. */
import { App } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enforcePolicy } from '../../../constructs/policy';
import type { Environment } from '../../../environments/schema';
import { VaultStack } from '../../../stacks/vault-stack';
import { vaultOf } from '../vault-login';
import type { VaultStackJson } from './stack-resources';

/** @throws CliError when the environment has no Vault; what synthesis throws */
export function synthesizedVaultStack(environment: Environment): VaultStackJson {
  const secrets = vaultOf(environment);
  const outdir = mkdtempSync(join(tmpdir(), 'he300-vault-init-'));
  try {
    const app = new App({ outdir });
    const stack = new VaultStack(app, { environment, secrets });
    enforcePolicy(stack);
    app.synth();
    return JSON.parse(
      readFileSync(join(outdir, 'stacks', stack.node.id, 'cdk.tf.json'), 'utf8'),
    ) as VaultStackJson;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
