/** What the hosts of a run are told, from the environment: `/etc/he300/host.json`. */
import {
  HOST_CONFIG_SCHEMA,
  hostConfig,
  MODEL_SERVER_PORTS,
  type HostConfig,
} from '@he300/benchmark/contract';
import { gpusOf } from '../constructs/gpu-host/instance-gpus';
import { namesOf } from '../constructs/naming/names';
import { vaultServerId } from '../environments/vault';
import {
  GITHUB_CIDRS,
  TUNNEL_CIDR,
  TUNNEL_KEEPALIVE_SECONDS,
  WIREGUARD_PORT,
} from '../constructs/network/ports';
import {
  allocate,
  FIXED_ADDRESSES,
  GPU_HOST_PEER,
  hostPeer,
  TEST_RUNNER_PEER,
  type AllocatedPeer,
} from '../constructs/wireguard/allocation';
import { costOf } from '../environments/candidate';
import { runnerHostOf } from '../environments/runner-host';
import type { Environment } from '../environments/schema';
import { servingPlan } from '../environments/serving';

/** Minutes before the time limit at which a run is stopped, so that what there is still goes up. */
export const GRACE_MINUTES = 5;

export interface HostConfigProps {
  readonly environment: Environment;
  readonly bundle: { readonly key: string; readonly sha256: string };
  /** Id of the run that is continued. @default - a new run */
  readonly resumeRunId?: string | undefined;
}

/** The GPU host's, checked. */
export function gpuHostConfig(props: HostConfigProps): HostConfig {
  const { environment: env } = props;
  const isRemote = env.topology.kind === 'remote';
  return checked({
    ...common(props),
    topology: isRemote ? 'remote-server' : 'onboard',
    network: gpuHostNetwork(env),
    modelServer: servedBy(env),
    gpuProfile: gpusOf(env.gpu.candidates[0]!.instanceType).profile.id,
    prices: [...new Set(env.gpu.candidates.map(({ instanceType }) => instanceType))].map((instanceType) => ({
      instanceType,
      usdPerHour: costOf(env, { instanceType }).usdPerHour,
    })),
  });
}

/** The runner's in the `remote` topology, checked; undefined where the environment has no such host. */
export function runnerHostConfig(props: HostConfigProps): HostConfig | undefined {
  const { environment: env } = props;
  const runner = runnerHostOf(env);
  if (!runner) return undefined;
  // What a run costs is what all of its hosts cost, on the dearest candidate.
  const usdPerHour = Math.max(...env.gpu.candidates.map((candidate) => costOf(env, candidate).usdPerHour));
  return checked({
    ...common(props),
    topology: 'remote-runner',
    network: tunnel(FIXED_ADDRESSES[TEST_RUNNER_PEER]!, [hostPeer(GPU_HOST_PEER)]),
    modelServer: throughTheTunnel(env),
    gpuProfile: null,
    prices: [{ instanceType: runner.instanceType, usdPerHour }],
  });
}

function checked(config: HostConfig): HostConfig {
  const { data, error } = hostConfig.safeParse(config);
  if (data) return data;
  const [issue] = error.issues;
  throw new Error(`host.json: ${issue!.path.join('.')}: ${issue!.message}`);
}

function common({ environment: env, bundle, resumeRunId = undefined }: HostConfigProps) {
  const { run } = env;
  const object = (prefix: string, sha256: string, ending: string) => ({
    key: `${prefix}/${sha256}.${ending}`,
    sha256,
  });
  return {
    schema: HOST_CONFIG_SCHEMA,
    environment: env.name,
    cloud: 'aws',
    homeRegion: env.homeRegion,
    timeLimitMinutes: run.timeLimitMinutes,
    graceMinutes: GRACE_MINUTES,
    run: {
      models: run.models.map((name) => {
        const sha256 = run.weights?.[name];
        return { name, weights: sha256 ? object('models', sha256, 'gguf') : null };
      }),
      spec: run.spec,
      seed: run.seed,
      dataset: run.dataset ? object('datasets', run.dataset, 'tar.gz') : null,
      concurrency: run.concurrency ?? null,
    },
    artifactBucket: namesOf(env).artifactBucket,
    bundle,
    secrets: secretsOf(env),
    dashboardUrl: env.dashboard.url ?? null,
    priceCapUsd: run.priceCapUsd,
    resumeRunId: resumeRunId ?? null,
  } as const;
}

function secretsOf(env: Environment): HostConfig['secrets'] {
  const names = namesOf(env);
  if (env.secrets.kind === 'ssm') return { kind: 'ssm', parameterPath: `${names.parameterPath}/host` };
  const { address, namespace = null, mount } = env.secrets;
  const login = {
    kind: 'aws-iam',
    role: names.vault.role('host'),
    serverId: vaultServerId(env.secrets),
  } as const;
  return { kind: 'vault', address, namespace, mount, login };
}

function servedBy(env: Environment): HostConfig['modelServer'] {
  const { modelServer } = env;
  switch (modelServer.kind) {
    case 'ollama':
    case 'vllm':
      return { kind: modelServer.kind, ...servingPlan(env, modelServer) };
    case 'external':
    case 'embedded':
      return modelServer;
  }
}

/** vLLM speaks the interface of OpenAI. */
function throughTheTunnel({ modelServer }: Environment): HostConfig['modelServer'] {
  const kind = modelServer.kind === 'vllm' ? 'vllm' : 'ollama';
  const engine = kind === 'vllm' ? 'openai' : 'ollama';
  const address = FIXED_ADDRESSES[GPU_HOST_PEER]!;
  return { kind: 'external', engine, url: `http://${address}:${MODEL_SERVER_PORTS[kind]}` };
}

function gpuHostNetwork(env: Environment): HostConfig['network'] {
  const { mode } = env.network;
  switch (mode.kind) {
    case 'outbound':
    case 'tailscale':
      return mode;
    case 'direct': {
      const allow = mode.allow.flatMap((entry) => (entry === 'github' ? GITHUB_CIDRS : [entry]));
      return { kind: 'direct', domain: mode.domain, allow: [...new Set(allow)] };
    }
    case 'wireguard': {
      const runner = runnerHostOf(env) ? [hostPeer(TEST_RUNNER_PEER)] : [];
      return tunnel(FIXED_ADDRESSES[GPU_HOST_PEER]!, [...runner, ...allocate(mode.peers)]);
    }
  }
}

const tunnel = (address: string, peers: readonly AllocatedPeer[]): HostConfig['network'] => ({
  kind: 'wireguard',
  address,
  prefixLength: Number(TUNNEL_CIDR.split('/')[1]),
  listenPort: WIREGUARD_PORT,
  keepaliveSeconds: TUNNEL_KEEPALIVE_SECONDS,
  peers: [...peers],
});
