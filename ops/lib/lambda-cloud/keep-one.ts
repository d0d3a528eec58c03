/** What happens when two launchers met. */
import { CliError } from '../cli';
import type { LambdaInstance } from './answers';
import type { LambdaCloudApi } from './api';
import { findHosts, type HostIdentity } from './host';
import { pause } from './waiting';

/** So long its launcher has to end a later host by itself; one that was killed cannot, and then we do. */
const GRACE_MS = 20_000;
const POLL_MS = 5000;
/** A host that boots may not be able to end yet. */
const LIMIT_MS = 15 * 60_000;

export interface KeepOneOptions {
  /** Id of the host that the caller has launched. @default - none */
  readonly own?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress: (line: string) => void;
}

/**
 * Leaves the first launched of an environment's hosts, and nothing beside it: the caller's own goes at once when it is a
 * later one, others when their launchers have not ended them in time.
 * @throws CliError when one cannot be ended within 15 minutes
 * @returns the host that is left; undefined when there is none any more
 */
export async function keepOne(
  api: LambdaCloudApi,
  host: HostIdentity,
  hosts: readonly LambdaInstance[],
  { own, signal, progress }: KeepOneOptions,
): Promise<LambdaInstance | undefined> {
  const began = api.clock.now();
  let left = hosts;
  for (; left.length > 1; left = await findHosts(api, host)) {
    const [first, ...later] = left;
    const waitedMs = api.clock.now() - began;
    if (waitedMs > LIMIT_MS) throw new CliError(`${later[0]!.id} cannot be ended and is one too many`);
    for (const { id, terminable } of later) {
      if ((id !== own && waitedMs < GRACE_MS) || !terminable) continue;
      progress(`ending ${id}: ${first!.id} was launched before it`);
      await api.terminate(id);
    }
    await pause(api.clock, POLL_MS, signal);
  }
  return left[0];
}
