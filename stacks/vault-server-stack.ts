import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { namesOf } from '../constructs/naming/names';
import { ServicePlacement } from '../constructs/network/service-placement';
import { LogGroup } from '../constructs/storage/log-group';
import { RunnerBundle } from '../constructs/storage/runner-bundle';
import { VaultServer } from '../constructs/vault-server/vault-server';
import type { Environment, VaultSecrets, VaultServer as Settings } from '../environments/schema';
import { EnvironmentStack } from './environment-stack';

export interface VaultServerStackProps {
  readonly environment: Environment;
  readonly secrets: VaultSecrets;
  readonly server: Settings;
  /** Builds what the VM runs beside Vault. */
  readonly program: () => { readonly path: string; readonly sha256: string };
}

/**
 * `<env>-vault-server`: a Vault of one's own, where nobody else runs one. Deployed after the platform, by an administrator;
 * what stands in it is put there by `<env>-vault`.
 */
export class VaultServerStack extends EnvironmentStack {
  constructor(scope: Construct, { environment: env, secrets, server, program }: VaultServerStackProps) {
    super(scope, `${env.name}-vault-server`, env);
    const provider = this.providers.get(env.homeRegion)!;
    const placement = new ServicePlacement(this, 'placement', {
      environment: env,
      provider,
      zones: [server.zone],
    });
    const names = namesOf(env);
    new LogGroup(this, 'log', {
      name: names.logGroups.vaultServer,
      retentionDays: env.artifacts.logRetentionDays,
      keyArn: placement.keyArn,
    });
    const { instanceId, publicIp } = new VaultServer(this, 'vault', {
      ...{ environment: env, secrets, server, provider, placement },
      program: new RunnerBundle(this, 'program', { environment: env, ...program() }),
    });
    // Where the name in `secrets.address` must lead.
    this.output('address', publicIp);
    this.output('instance_id', instanceId);
    this.output('first_keys_parameter', names.vaultFirstKeysParameter);
  }

  private output(name: string, value: unknown): void {
    new TerraformOutput(this, `output-${name}`, { value }).overrideLogicalId(name);
  }
}
