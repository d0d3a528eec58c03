import { TAG } from '../../../naming/tags';
import { readTags, type Cloud, type Host, type Tags } from './cloud';
import {
  isObject,
  LambdaCloudClient,
  LambdaCloudError,
  type LambdaCloudClientOptions,
} from './lambda-cloud-client';

/** The API tells no launch time, so the launch writes it: ISO 8601, UTC. Its tag keys may hold colons, as ours do. */
export const LAUNCHED_AT_TAG = 'he300:launched-at';

/** States in which nothing is billed any more. */
const GONE = new Set(['terminating', 'terminated', 'preempted']);

export const isBilled = (status: string): boolean => !GONE.has(status);

export interface LambdaCloudOptions extends LambdaCloudClientOptions {
  /** Value of the owner tag. */
  readonly environment: string;
}

/** Lambda Cloud: one account, all regions. The list of instances comes whole, without pages. */
export function lambdaCloud({ environment, ...options }: LambdaCloudOptions): Cloud {
  const client = new LambdaCloudClient(options);
  return {
    name: 'lambda-cloud',

    async hosts() {
      const instances = await client.request('GET', '/api/v1/instances');
      if (!Array.isArray(instances)) throw new Error('lambda cloud: GET /api/v1/instances: data is no list');
      return instances.filter(isObject).flatMap((instance) => hostOf(environment, instance) ?? []);
    },

    terminate: (id) => terminateInstance(client, id),
  };
}

/** Asks for the end of an instance; one that is gone already is no error. */
export async function terminateInstance(client: LambdaCloudClient, id: string): Promise<void> {
  try {
    const body = { instance_ids: [id] };
    const data = await client.request('POST', '/api/v1/instance-operations/terminate', { body });
    const ended = isObject(data) && Array.isArray(data.terminated_instances) ? data.terminated_instances : [];
    if (!ended.some((instance) => isObject(instance) && instance.id === id))
      throw new LambdaCloudError(`lambda cloud: ${id} was not terminated`, '');
  } catch (error) {
    // A retry may find that the first request was heard after all.
    if (!(error instanceof LambdaCloudError && error.code === 'global/object-does-not-exist')) throw error;
  }
}

/** Undefined for an instance that is not this environment's or costs nothing any more. */
function hostOf(environment: string, instance: Record<string, unknown>): Host | undefined {
  const { id, status, region, instance_type: type } = instance;
  const tags = tagsOf(instance.tags);
  if (tags[TAG.environment] !== environment || typeof id !== 'string' || !isBilled(String(status)))
    return undefined;
  const price = isObject(type) ? type.price_cents_per_hour : undefined;
  return {
    id,
    cloud: 'lambda-cloud',
    region: isObject(region) ? String(region.name) : 'unknown',
    instanceType: isObject(type) ? String(type.name) : 'unknown',
    environment,
    state: String(status),
    launchedAt: utcTime(tags[LAUNCHED_AT_TAG]),
    usdPerHour: typeof price === 'number' ? price / 100 : undefined,
    ...readTags(tags),
  };
}

export function tagsOf(tags: unknown): Tags {
  if (!Array.isArray(tags)) return {};
  return Object.fromEntries(tags.filter(isObject).map(({ key, value }) => [String(key), String(value)]));
}

/** Only with its `Z`: without it, `Date` would take the machine's own time zone. */
export function utcTime(text: string | undefined): Date | undefined {
  if (!text || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
