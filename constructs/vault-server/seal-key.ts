import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import type { Environment, VaultServer } from '../../environments/schema';
import { policyDocument } from '../identity/policy-document';
import { namesOf } from '../naming/names';

export interface SealKeyProps {
  readonly environment: Environment;
  readonly server: VaultServer;
}

/**
 * The key that opens Vault after a start, and every snapshot of it. No other than the environment's, for many may use that
 * one; and whoever may use this one and reads the disk has everything.
 */
export class SealKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { environment: env, server }: SealKeyProps) {
    super(scope, id);
    const { vaultServer, vaultSealAlias } = namesOf(env);
    const key = new KmsKey(this, 'key', {
      description: `Opens ${vaultServer}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      // Without this statement nobody, the account's administrator included, could ever change the key again.
      policy: policyDocument({
        Sid: 'Account',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${env.accountId}:root` },
        Action: ['kms:*'],
        Resource: ['*'],
      }),
      lifecycle: { preventDestroy: server.protected },
    });
    new KmsAlias(this, 'alias', { name: vaultSealAlias, targetKeyId: key.keyId });
    this.arn = key.arn;
  }
}
