/** The phases of a host's life as people read them. */
import type { RunEvent } from '@he300/benchmark/contract';

export type Phase = Extract<RunEvent, { type: 'run.heartbeat' }>['phase'];

export const PHASE_LABEL: Readonly<Record<Phase, string>> = {
  arm: 'Arm the time limit',
  identity: 'Identity',
  secrets: 'Secrets',
  tunnel: 'Tunnel',
  'model-server': 'Model server',
  preflight: 'Preflight',
  run: 'Run',
  report: 'Report',
  off: 'Switch off',
};
