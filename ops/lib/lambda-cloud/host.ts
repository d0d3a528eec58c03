/** Which instance is an environment's host. */
import { isBilled } from '../../../constructs/lifetime/reaper/clouds/lambda-cloud';
import { GPU_HOST_ROLE, TAG } from '../../../constructs/naming/tags';
import { CliError } from '../cli';
import type { LambdaInstance } from './answers';
import type { LambdaCloudApi } from './api';

export interface HostIdentity {
  /** Value of the owner tag, `<namespace>-<environment>`, by which a host is ours. */
  readonly environment: string;
  /** For people: they can change it, and it can be taken twice. */
  readonly name: string;
}

export const hostIdentity = (prefix: string): HostIdentity => ({
  environment: prefix,
  name: `${prefix}-${GPU_HOST_ROLE}`,
});

export const isOurs = ({ tags }: LambdaInstance, { environment }: HostIdentity): boolean =>
  tags[TAG.environment] === environment;

export interface Survey {
  /** Hosts that cost money, the first launched first: one at most, unless two launchers met. */
  readonly billed: readonly LambdaInstance[];
  /** Hosts on their way out. */
  readonly ending: readonly LambdaInstance[];
  /** Hosts that are gone and still told of. */
  readonly gone: readonly LambdaInstance[];
  /** An instance that costs money under the host's name and is not ours. */
  readonly stranger: LambdaInstance | undefined;
}

export async function survey(api: LambdaCloudApi, host: HostIdentity): Promise<Survey> {
  const all = await api.instances();
  const ours = all.filter((one) => isOurs(one, host)).sort(byLaunch);
  const isEnding = ({ status }: LambdaInstance): boolean => status === 'terminating';
  return {
    billed: ours.filter(({ status }) => isBilled(status)),
    ending: ours.filter(isEnding),
    gone: ours.filter((one) => !isBilled(one.status) && !isEnding(one)),
    stranger: all.find((one) => one.name === host.name && isBilled(one.status) && !isOurs(one, host)),
  };
}

/**
 * The hosts of `survey` that are billed.
 * @throws CliError when an instance that is not ours has the host's name, for nobody can tell what it is
 */
export async function findHosts(api: LambdaCloudApi, host: HostIdentity): Promise<readonly LambdaInstance[]> {
  const { billed, stranger } = await survey(api, host);
  if (stranger) throw strangerError(stranger, host);
  return billed;
}

export const strangerError = ({ id }: LambdaInstance, { name, environment }: HostIdentity): CliError =>
  new CliError(
    `${id} is named ${name} without the tag ${TAG.environment}=${environment}; allowed: another name, or its end`,
  );

/** The same order for whoever looks. One that does not tell its launch comes last. */
const byLaunch = (a: LambdaInstance, b: LambdaInstance): number =>
  (a.launchedAt?.getTime() ?? Infinity) - (b.launchedAt?.getTime() ?? Infinity) || (a.id < b.id ? -1 : 1);
