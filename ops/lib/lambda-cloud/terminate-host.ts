/** Ends an environment's host, and waits until the API says so. */
import { CliError } from '../cli';
import type { LambdaCloudApi } from './api';
import { strangerError, survey, type HostIdentity } from './host';
import { minutes, pause } from './waiting';

const POLL_MS = 3000;
/** A host that is told to end and goes on is told again. */
const REPEAT_MS = 30_000;
/** The host of a launch that was killed may show up only after a first look, so nothing is there when two say so. */
const QUIET_LOOKS = 2;

export interface TerminateHostOptions {
  readonly host: HostIdentity;
  /** @default 10 */
  readonly deadlineMinutes?: number | undefined;
  readonly progress: (line: string) => void;
}

/**
 * Safe to repeat; no host is no error.
 * @returns ids of the hosts that it ended
 * @throws CliError when one is still there at the deadline, or when an instance that is not ours has the host's name
 */
export async function terminateHost(
  api: LambdaCloudApi,
  { host, deadlineMinutes = 10, progress }: TerminateHostOptions,
): Promise<string[]> {
  const { clock } = api;
  const askedMs = new Map<string, number>();
  const deadline = clock.now() + minutes(deadlineMinutes);
  for (let quiet = 0; ; await pause(clock, POLL_MS)) {
    const { billed, ending, stranger } = await survey(api, host);
    for (const { id, terminable } of billed) {
      const isDue = clock.now() - (askedMs.get(id) ?? -Infinity) >= REPEAT_MS;
      if (!terminable || !isDue) continue;
      progress(`ending ${id}`);
      askedMs.set(id, clock.now());
      await api.terminate(id);
    }
    const [left] = [...billed, ...ending];
    quiet = left ? 0 : quiet + 1;
    if (quiet === QUIET_LOOKS && stranger) throw strangerError(stranger, host);
    if (quiet === QUIET_LOOKS) return [...askedMs.keys()];
    if (left && clock.now() >= deadline)
      throw new CliError(`${left.id} is ${left.status} ${deadlineMinutes} min after it was to end`);
  }
}
