import { TERMINATE_TARGET_ARN } from '../../lifetime/terminate-target';
import { GPU_HOST_ROLE, TAG } from '../../naming/tags';
import { blocks, refersTo, type Attributes, type Rule, type SynthesizedResource } from '../rule';

/** Ways to get hosts that no guard can know by their id. */
const WITHOUT_GUARD = [
  'aws_autoscaling_group',
  'aws_batch_compute_environment',
  'aws_ec2_fleet',
  'aws_eks_node_group',
  'aws_spot_fleet_request',
  'aws_spot_instance_request',
];
/** A type that is known only when Terraform plans may be a GPU's. */
const GPU_TYPE = /^(gr?\d|p\d|\$\{)/;

export const lifetimeGuardRequired: Rule = {
  id: 'lifetime-guard-required',
  cause: 'a GPU host without a time limit that the cloud itself enforces is paid for until somebody notices',
  remedy: 'launch it as AwsGpuHost, which brings its LifetimeGuard',
  check(resource, { resources }) {
    const { type, attributes } = resource;
    if (WITHOUT_GUARD.includes(type))
      return 'its hosts are known only after the apply, so no schedule can end them';
    if (type === 'aws_launch_template' && GPU_TYPE.test(String(attributes.instance_type ?? '')))
      return `launches ${String(attributes.instance_type)} without a guard`;
    if (!isGpuHost(resource)) return undefined;
    const limit = (attributes.tags as Attributes | undefined)?.[TAG.timeLimitMinutes];
    if (!/^[1-9]\d*$/.test(String(limit)))
      return `the tag ${TAG.timeLimitMinutes} is ${JSON.stringify(limit ?? null)}`;
    const shutdown = attributes.instance_initiated_shutdown_behavior;
    if (shutdown !== 'terminate')
      return `instance_initiated_shutdown_behavior is ${JSON.stringify(shutdown ?? null)}`;
    return resources.some((r) => isGuardOf(r, resource))
      ? undefined
      : 'no aws_scheduler_schedule terminates it';
  },
};

/** Without a type of its own, an instance has the one of a launch template that may stand elsewhere. */
function isGpuHost({ type, attributes }: SynthesizedResource): boolean {
  if (type !== 'aws_instance') return false;
  const role = (attributes.tags as Attributes | undefined)?.[TAG.role];
  return role === GPU_HOST_ROLE || GPU_TYPE.test(String(attributes.instance_type ?? '${'));
}

function isGuardOf({ type, attributes }: SynthesizedResource, host: SynthesizedResource): boolean {
  return (
    type === 'aws_scheduler_schedule' &&
    attributes.state !== 'DISABLED' &&
    // A guard that is counted must be there whenever the host is.
    (attributes.count === undefined || attributes.count === host.attributes.count) &&
    blocks(attributes, 'target').some(
      (target) => target.arn === TERMINATE_TARGET_ARN && refersTo(target.input, host.address),
    )
  );
}
