/** The model server as a service, set up for as many slots as fit the GPU. */
import { MODEL_SERVER_PORTS, type HostConfig } from '@he300/benchmark/contract';
import { VLLM_IMAGE } from '../downloads';
import { program } from '../paths';
import { word, type Unit } from '../unit';
import { GPU_DEVICES, HARDENED, NO_DEVICES } from './hardening';
import { EMULATOR, PROVISION_SERVICE } from './run';
import { FIREWALL_SERVICE } from './ways-in';

export interface ModelServerProps {
  readonly slots: number;
  /** Of one slot. */
  readonly contextTokens: number;
  /** How keys and values are cached. */
  readonly cache: 'f16' | 'q8_0';
  readonly models: readonly string[];
  /** Whether others reach it through a tunnel, so that it listens on every interface; the firewall knows which ones. */
  readonly tunnelled: boolean;
}

type ServerKind = Extract<HostConfig['modelServer'], { readonly slots: number }>['kind'];

export const MODEL_SERVICES: Readonly<Record<ServerKind, string>> = {
  ollama: 'ollama.service',
  vllm: 'vllm.service',
};

export const modelServerUnit = (kind: ServerKind, props: ModelServerProps): Unit =>
  kind === 'ollama' ? ollamaUnit(props) : vllmUnit(props);

/** A server that listens on every interface waits for the firewall. */
const needed = ({ tunnelled }: ModelServerProps, ...others: readonly string[]) => {
  const units = [PROVISION_SERVICE, ...(tunnelled ? [FIREWALL_SERVICE] : []), ...others].join(' ');
  return { Requires: units, After: units } as const;
};

const listen = ({ tunnelled }: ModelServerProps): string => (tunnelled ? '0.0.0.0' : '127.0.0.1');

/** Crashes are the supervisor's to judge; a start again is all that is done here. */
const RESTART = { Restart: 'on-failure', RestartSec: '2s' } as const;

/** Named by https://github.com/ollama/ollama/blob/main/docs/faq.md; set even where the default is the same today. */
function ollamaUnit(props: ModelServerProps): Unit {
  const settings = {
    OLLAMA_HOST: `${listen(props)}:${MODEL_SERVER_PORTS.ollama}`,
    OLLAMA_MODELS: '/var/lib/ollama/models',
    OLLAMA_NUM_PARALLEL: props.slots,
    OLLAMA_CONTEXT_LENGTH: props.contextTokens,
    OLLAMA_FLASH_ATTENTION: 1,
    OLLAMA_KV_CACHE_TYPE: props.cache,
    // The load search never asks for more than a quarter above the slots; a queue that overflows would be another's load.
    OLLAMA_MAX_QUEUE: Math.max(64, 4 * props.slots),
    OLLAMA_MAX_LOADED_MODELS: 1,
    OLLAMA_KEEP_ALIVE: -1,
    OLLAMA_NOPRUNE: 1,
    HOME: '/var/lib/ollama',
  };
  return {
    name: MODEL_SERVICES.ollama,
    Unit: { Description: `Ollama, ${props.slots} slots`, ...needed(props) },
    Service: {
      Type: 'exec',
      DynamicUser: true,
      StateDirectory: 'ollama',
      Environment: Object.entries(settings).map(([name, value]) => `${name}=${value}`),
      ...EMULATOR,
      // Devices appear when a root program asks for them; where there is no GPU there is no such program.
      ExecStartPre: '-+/usr/bin/nvidia-modprobe -u -c=0',
      ExecStart: `${program('ollama')} serve`,
      ...RESTART,
      LimitNOFILE: 65_536,
      OOMScoreAdjust: 500,
      ...HARDENED,
      ...GPU_DEVICES,
      // Drivers choose processors and memory banks for their threads.
      SystemCallFilter: ['@system-service', '~@privileged'],
    },
    Install: { WantedBy: 'multi-user.target' },
  };
}

function vllmUnit(props: ModelServerProps): Unit {
  const name = 'he300-vllm';
  const container = [
    '--rm',
    ...['--name', name],
    ...['--gpus', 'all'],
    // Its workers share memory.
    ...['--ipc', 'host'],
    // The firewall guards the host's own ports; a published one would pass it by.
    ...['--network', 'host'],
    ...['--volume', 'he300-models:/root/.cache/huggingface'],
    VLLM_IMAGE,
  ];
  const server = [
    ...['--model', word(props.models[0]!)],
    ...['--host', listen(props)],
    ...['--port', String(MODEL_SERVER_PORTS.vllm)],
    ...['--max-num-seqs', String(props.slots)],
    ...['--max-model-len', String(props.contextTokens)],
    '--disable-log-requests',
  ];
  return {
    name: MODEL_SERVICES.vllm,
    Unit: { Description: `vLLM, ${props.slots} slots`, ...needed(props, 'docker.service') },
    Service: {
      Type: 'exec',
      DynamicUser: true,
      SupplementaryGroups: 'docker',
      ...EMULATOR,
      ExecStartPre: [`-/usr/bin/docker rm --force ${name}`, `/usr/bin/docker pull --quiet ${VLLM_IMAGE}`],
      ExecStart: ['/usr/bin/docker run', ...container, ...server].join(' '),
      ExecStop: `/usr/bin/docker stop ${name}`,
      TimeoutStartSec: '40min',
      ...RESTART,
      ...HARDENED,
      ...NO_DEVICES,
    },
    Install: { WantedBy: 'multi-user.target' },
  };
}
