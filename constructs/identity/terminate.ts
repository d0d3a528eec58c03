import { TAG, GPU_HOST_ROLE } from '../naming/tags';
import { namesOf, type NamedEnvironment } from '../naming/names';
import { allow, type Statement } from './policy-document';

/**
 * The one destructive call that anything but a person may make: ending a run's host. It is bound to the tags that only
 * this environment's hosts carry, so neither the guard, nor the reaper, nor a host can end anything else.
 */
export function terminateOwnHosts(
  env: NamedEnvironment,
  regions: readonly string[],
  more: Statement['Condition'] = {},
): Statement {
  const names = namesOf(env);
  return allow('TerminateOwnHosts', {
    Action: ['ec2:TerminateInstances'],
    Resource: regions.map(names.arn.instances),
    Condition: {
      ...more,
      StringEquals: {
        [`aws:ResourceTag/${TAG.environment}`]: names.prefix,
        [`aws:ResourceTag/${TAG.role}`]: GPU_HOST_ROLE,
      },
    },
  });
}
