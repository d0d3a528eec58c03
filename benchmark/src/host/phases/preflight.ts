/** The phase before the first request: what the run needs is laid out, and what would spoil the measurement is found out. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host as HostFacts } from '../../contract/provenance';
import { InputError } from '../../errors';
import { GPU_PROFILES } from '../../gpu-profiles';
import { thisMachine } from '../../measure/host-facts';
import type { Provenance } from '../../run/provenance-file';
import type { Host } from '../host';
import type { HostRun } from '../host-run';

const MIB = 1024 ** 2;
/** A run writes a few MiB; below this its log could end in the middle. */
const LEAST_DISK_BYTES = 64 * MIB;
/** A machine that works on something else while it measures would measure that too. */
const BUSY_LOAD_PER_CPU = 0.7;

export interface Prepared {
  readonly datasetDirectory: string | null;
  readonly provenanceFile: string;
}

export async function prepare(host: Host, hostRun: HostRun): Promise<Prepared> {
  const facts = await hostFacts(host);
  for (const warning of await warnings(host, facts)) host.log.warn('the measurement may suffer', { warning });
  const datasetDirectory = await dataset(host);
  await hostRun.restore();
  if (!hostRun.results()) hostRun.layDownKey();
  return { datasetDirectory, provenanceFile: writeProvenance(host, hostRun, facts) };
}

/** @throws InputError when there is no room for a run */
async function warnings({ options, config, clock }: Host, facts: HostFacts): Promise<string[]> {
  const { bavail, bsize } = await statfs(options.state);
  if (bavail * bsize < LEAST_DISK_BYTES)
    throw new InputError(
      `preflight: ${Math.floor((bavail * bsize) / MIB)} MiB left in ${options.state}; allowed: at least ${LEAST_DISK_BYTES / MIB}`,
    );
  const found: string[] = [];
  const [load] = loadavg() as [number];
  if (load > BUSY_LOAD_PER_CPU * facts.cpus)
    found.push(`the host is busy before the run begins: load ${load.toFixed(1)} on ${facts.cpus} CPUs`);
  if (clock.skewSeconds !== 0) found.push(`the clock is ${-clock.skewSeconds} s ahead of the dashboard’s`);
  const profile = config.gpuProfile === null ? undefined : GPU_PROFILES[config.gpuProfile];
  if (profile && profile.names.length > 0 && !profile.names.includes(facts.gpu?.name ?? ''))
    found.push(
      `the GPU is ${facts.gpu?.name ?? 'none that can be seen'}; the slots were computed for ${profile.title}`,
    );
  return found;
}

async function hostFacts(host: Host): Promise<HostFacts> {
  const { cloud, gpuProfile } = host.config;
  const { instanceId, instanceType, region, market } = host.get('identity');
  const { cpus, memoryGib, gpu } = await thisMachine();
  return {
    ...{ kind: cloud, id: instanceId, instanceType, region, market },
    cpus,
    memoryGib,
    gpu: gpu && { ...gpu, profile: gpuProfile },
  };
}

/** Null for the pack that the runner brings along. */
async function dataset({ config, options, store, log }: Host): Promise<string | null> {
  const { dataset: published, spec } = config.run;
  if (published === null) {
    if (spec === 'starter') return null;
    throw new InputError(
      `run: specification ${spec} without a dataset; allowed: starter, or an import in the bucket`,
    );
  }
  const root = join(options.state, 'datasets');
  const directory = join(root, published.sha256);
  if (existsSync(directory)) return directory;
  mkdirSync(root, { recursive: true });
  const archive = `${directory}.archive`;
  await store.download(published.key, published.sha256, archive);
  const { importEthics } = await import('../../dataset/import-ethics');
  const { sha256 } = await importEthics(archive, directory);
  rmSync(archive);
  log.info('the scenarios are here, as agreed', { key: published.key, sha256 });
  return directory;
}

function writeProvenance({ config, options }: Host, { runId }: HostRun, facts: HostFacts): string {
  const { trigger = { kind: 'manual' }, prices, priceCapUsd, timeLimitMinutes } = config;
  const price = prices.find(({ instanceType }) => instanceType === facts.instanceType);
  const provenance: Provenance = {
    trigger,
    host: facts,
    price: { usdPerHour: price?.usdPerHour ?? null, capUsd: priceCapUsd, timeLimitMinutes },
  };
  const path = join(options.state, `${runId}.provenance.json`);
  writeFileSync(path, JSON.stringify(provenance));
  return path;
}
