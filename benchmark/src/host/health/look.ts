/** A look at everything that a host needs to be well. */
import { MODEL_SERVER_PORTS, type HostConfig } from '../../contract/host-config';
import { GPU_PROFILES } from '../../gpu-profiles';
import { runProgram, type Run } from '../commands';
import { worstOf, type Finding, type Status } from './check';
import { diskCheck, gpuCheck, memoryCheck } from './machine-checks';
import { clockCheck, modelServerCheck, tunnelCheck } from './reach-checks';

export interface Health {
  readonly status: Status;
  readonly at: string;
  readonly findings: readonly Finding[];
}

export interface LookOptions {
  readonly config: HostConfig;
  readonly state: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where the host's own model server is, if not at its usual place. @default - there */
  readonly ownUrl?: string | undefined;
  /** @default runProgram */
  readonly run?: Run;
}

export async function look({ config, state, env, ownUrl, run = runProgram }: LookOptions): Promise<Health> {
  const profile = config.gpuProfile === null ? undefined : GPU_PROFILES[config.gpuProfile];
  const findings = await Promise.all([
    diskCheck(state),
    memoryCheck(),
    gpuCheck(run, config.topology === 'remote-runner' ? undefined : profile),
    modelServerCheck(modelsUrl(config.modelServer, ownUrl)),
    tunnelCheck(run, config),
    clockCheck(clockUrl(config, env)),
  ]);
  const found = findings.filter((finding) => finding !== undefined);
  return { status: worstOf(found), at: new Date().toISOString(), findings: found };
}

function modelsUrl(server: HostConfig['modelServer'], ownUrl: string | undefined): string | null {
  const at = (base: string, path: string): string => `${base.replace(/\/+$/, '')}${path}`;
  switch (server.kind) {
    case 'ollama':
      return at(ownUrl ?? `http://127.0.0.1:${MODEL_SERVER_PORTS.ollama}`, '/api/tags');
    case 'vllm':
      return at(ownUrl ?? `http://127.0.0.1:${MODEL_SERVER_PORTS.vllm}`, '/v1/models');
    case 'external':
      return at(server.url, server.engine === 'ollama' ? '/api/tags' : '/models');
    case 'embedded':
      return null;
  }
}

/** The dashboard, which judges our events by its clock; else the store. */
const clockUrl = ({ dashboardUrl, homeRegion }: HostConfig, env: NodeJS.ProcessEnv): string =>
  dashboardUrl ?? env['AWS_ENDPOINT_URL'] ?? `https://s3.${homeRegion}.amazonaws.com/`;
