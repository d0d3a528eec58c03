import { Audit } from '@cdktf/provider-vault/lib/audit';
import { Construct } from 'constructs';
import type { VaultSecrets } from '../../environments/schema';

/** Its path in `sys/audit`. */
export const AUDIT_DEVICE = 'stdout';

/** Of the one that `ops/vault-init` makes before anything else, and takes away once the stack's own is there. */
export const FIRST_AUDIT_DEVICE = 'set-up';

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
    new Audit(this, 'device', {
      type: 'file',
      path: AUDIT_DEVICE,
      description: 'Requests and answers, secrets as HMACs',
      options: { file_path: 'stdout' },
    });
  }
}
