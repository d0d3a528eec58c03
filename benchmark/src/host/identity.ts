/** Which machine this is: as cloud-init wrote it down, and as the cloud's metadata service says now. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { HostConfig } from '../contract/host-config';
import type { Host } from '../contract/provenance';
import { InputError } from '../errors';
import { ImdsError, type Imds } from './aws/imds';

/** https://cloudinit.readthedocs.io/en/latest/explanation/instancedata.html */
export const INSTANCE_DATA = '/run/cloud-init/instance-data.json';

export interface Identity {
  readonly instanceId: string;
  readonly instanceType: string | null;
  readonly region: string | null;
  readonly market: Host['market'];
  /** Null where nobody tells. */
  readonly launchedAt: Date | null;
  /** Where others reach the host from outside; null when it is not known. */
  readonly publicAddress: string | null;
}

const text = z.string().min(1).nullish();
const instanceData = z.object({
  v1: z.object({ instance_id: text, region: text }),
  ds: z.object({ meta_data: z.object({ 'instance-type': text, 'public-ipv4': text }).optional() }).optional(),
});

export interface IdentityOptions {
  readonly cloud: HostConfig['cloud'];
  readonly imds: Imds;
  /** @default INSTANCE_DATA */
  readonly instanceDataPath?: string;
}

/** @throws InputError when the two disagree, Error when neither tells */
export async function identify(options: IdentityOptions): Promise<Identity> {
  const { cloud, imds, instanceDataPath = INSTANCE_DATA } = options;
  const written = readInstanceData(instanceDataPath);
  const { v1, ds } = written ?? {};
  const told = cloud === 'aws' ? await askMetadata(imds) : undefined;
  const { instanceId: id } = told ?? {};
  if (v1?.instance_id && id && v1.instance_id !== id)
    throw new InputError(`identity: cloud-init says ${v1.instance_id}, the metadata service ${id}`);
  const instanceId = id ?? v1?.instance_id;
  if (!instanceId)
    throw new Error(`identity: neither ${instanceDataPath} nor the metadata service tells an instance id`);
  return {
    instanceId,
    instanceType: told?.instanceType ?? ds?.meta_data?.['instance-type'] ?? null,
    region: told?.region ?? v1?.region ?? null,
    market: told?.market ?? null,
    launchedAt: told?.launchedAt ?? null,
    publicAddress: told?.publicAddress ?? ds?.meta_data?.['public-ipv4'] ?? null,
  };
}

function readInstanceData(path: string): z.infer<typeof instanceData> | undefined {
  let json: string;
  try {
    json = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  const parsed = instanceData.safeParse(jsonOf(json));
  if (!parsed.success) throw new Error(`identity: ${path} is not as cloud-init writes it`);
  return parsed.data;
}

/** Undefined when there is no such service here. */
async function askMetadata(imds: Imds): Promise<Partial<Identity> | undefined> {
  const ask = (path: string) => imds.text(`meta-data/${path}`);
  try {
    // The first one brings the token that all others need.
    const instanceId = await ask('instance-id');
    const [document, lifeCycle, instanceType, region, publicAddress] = await Promise.all([
      imds.identity(),
      ...['instance-life-cycle', 'instance-type', 'placement/region', 'public-ipv4'].map(ask),
    ] as const);
    return {
      ...(instanceId === undefined ? {} : { instanceId }),
      instanceType: instanceType ?? null,
      region: region ?? null,
      publicAddress: publicAddress ?? null,
      market: lifeCycle === 'spot' || lifeCycle === 'on-demand' ? lifeCycle : null,
      launchedAt: document?.pendingTime === undefined ? null : new Date(document.pendingTime),
    };
  } catch (error) {
    if (error instanceof ImdsError) return undefined;
    throw error;
  }
}

/**
 * Ids of the host's runs, in the order of the models: the host's own, or that of the run it continues; all but the first
 * end in their number.
 */
export function runIdsOf(
  config: Pick<HostConfig, 'environment' | 'resumeRunId' | 'run'>,
  instanceId: string,
): string[] {
  const { length } = config.run.models;
  const numbered = /^(.+)_(\d+)$/.exec(config.resumeRunId ?? '');
  const isOneOfSeveral = numbered !== null && Number(numbered[2]) >= 2 && Number(numbered[2]) <= length;
  const first = (isOneOfSeveral ? numbered[1] : config.resumeRunId) ?? `${config.environment}-${instanceId}`;
  return config.run.models.map((_model, i) => (i === 0 ? first : `${first}_${i + 1}`));
}

function jsonOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
