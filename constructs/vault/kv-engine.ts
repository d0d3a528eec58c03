import { KvSecretBackendV2 } from '@cdktf/provider-vault/lib/kv-secret-backend-v2';
import { Mount } from '@cdktf/provider-vault/lib/mount';
import { Construct } from 'constructs';

/** The one before is there for whoever has to go back; older ones are of no use, for nobody takes them any more. */
const VERSIONS = 3;

export interface KvEngineProps {
  readonly mount: string;
}

/** Where the environment's secrets stand. The engine is ours; not one value is written by Terraform. */
export class KvEngine extends Construct {
  constructor(scope: Construct, id: string, { mount }: KvEngineProps) {
    super(scope, id);
    const engine = new Mount(this, 'engine', {
      path: mount,
      type: 'kv',
      options: { version: '2' },
      description: 'Secrets of the environment',
      // All of them would go with it, past recall.
      lifecycle: { preventDestroy: true },
    });
    new KvSecretBackendV2(this, 'settings', { mount: engine.path, maxVersions: VERSIONS });
  }
}
