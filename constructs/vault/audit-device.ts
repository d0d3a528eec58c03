import { Audit } from '@cdktf/provider-vault/lib/audit';
import { TerraformStack, TerraformVariable } from 'cdktf';
import { Construct } from 'constructs';
import type { VaultSecrets } from '../../environments/schema';

/** Its path in `sys/audit`. */
export const AUDIT_DEVICE = 'stdout';

/** Variable that says whether it is there already: `ops/vault-init` makes it before anything else. */
export const ADOPT_AUDIT_DEVICE = 'adopt_audit_device';

/** A namespace of Enterprise or HCP has no devices of its own: the log of all of them is set up where the cluster is. */
export const hasAuditDevice = ({ shared, namespace }: VaultSecrets): boolean =>
  shared === 'create' && namespace === undefined;

/**
 * Every request and answer as a line in the server's own log, which whatever runs the server already keeps. What is
 * secret in it stands as an HMAC. While no device can write, Vault answers nobody.
 */
export class AuditDevice extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const device = new Audit(this, 'device', {
      type: 'file',
      path: AUDIT_DEVICE,
      description: 'Requests and answers, secrets as HMACs',
      options: { file_path: 'stdout' },
    });
    this.adoptable(device);
  }

  /** Two devices cannot write to one place, and Terraform makes none where there is one, so it takes that over. */
  private adoptable({ terraformResourceType, friendlyUniqueId }: Audit): void {
    const adopt = new TerraformVariable(this, 'adopt', {
      type: 'bool',
      description: 'Whether the audit device is there already, and is taken over',
      default: false,
      nullable: false,
    });
    adopt.overrideLogicalId(ADOPT_AUDIT_DEVICE);
    TerraformStack.of(this).addOverride('import', [
      {
        for_each: `\${toset(var.${ADOPT_AUDIT_DEVICE} ? ["${AUDIT_DEVICE}"] : [])}`,
        to: `${terraformResourceType}.${friendlyUniqueId}`,
        id: '${each.value}',
      },
    ]);
  }
}
