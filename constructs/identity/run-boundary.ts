import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/schema';
import { namesOf } from '../naming/names';
import { hostPolicy } from './host-role';

/**
 * The most that a role created with a run can ever do. The apply role may create such roles only with this boundary.
 * The host's own policy is that most: the guard needs no more than its one call, which is in it.
 */
export class RunBoundary extends Construct {
  constructor(scope: Construct, id: string, { environment }: { readonly environment: Environment }) {
    super(scope, id);
    new IamPolicy(this, 'policy', {
      name: namesOf(environment).hostBoundary,
      description: 'Bounds the roles of a run',
      policy: hostPolicy(environment, { fromHostOnly: false }),
    });
  }
}
