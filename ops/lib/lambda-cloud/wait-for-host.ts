/** Waits for an environment's host to be up. */
import { CliError } from '../cli';
import type { LambdaInstance } from './answers';
import type { LambdaCloudApi } from './api';
import { survey, type HostIdentity } from './host';
import { minutes, pause } from './waiting';

const POLL_MS = 10_000;

export interface WaitForHostOptions {
  readonly host: HostIdentity;
  /** @default 20 */
  readonly deadlineMinutes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress: (line: string) => void;
}

/** @throws CliError when there is no host, when it is gone, or when it is not active by the deadline */
export async function waitForHost(
  api: LambdaCloudApi,
  { host, deadlineMinutes = 20, signal, progress }: WaitForHostOptions,
): Promise<LambdaInstance> {
  const { clock } = api;
  for (const deadline = clock.now() + minutes(deadlineMinutes); ; await pause(clock, POLL_MS, signal)) {
    const { billed, ending, gone } = await survey(api, host);
    const [one] = billed;
    if (!one) {
      const last = [...ending, ...gone].at(-1);
      throw new CliError(last ? `${last.id} is ${last.status}` : `no host carries ${host.environment}'s tag`);
    }
    if (one.status === 'active') return one;
    if (clock.now() >= deadline)
      throw new CliError(`${one.id} is ${one.status} after ${deadlineMinutes} min of waiting`);
    progress(`${one.id} is ${one.status}`);
  }
}
