import { classify, GRACE_MINUTES, mustEnd, type Verdict } from './classify';
import type { Cloud, Host } from './clouds/cloud';
import { errorLine } from './error-line';
import type { FactSources } from './facts';

export interface ReapedHost {
  readonly id: string;
  readonly cloud: string;
  readonly verdict: Verdict;
  readonly reason: string;
}

export interface ReapReport {
  readonly checked: number;
  readonly terminated: readonly ReapedHost[];
  readonly left: readonly ReapedHost[];
  /** One line each. What failed never kept the rest from being done. */
  readonly errors: readonly string[];
}

export interface ReapOptions {
  readonly clouds: readonly Cloud[];
  readonly facts: FactSources;
  readonly now: Date;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/**
 * Ends every host that has no business running. Never throws: a cloud, a state or a marker that cannot be read is an
 * error in the report, and what does not depend on it goes on. Without the state nothing is called an orphan.
 */
export async function reap({ clouds, facts, now, log }: ReapOptions): Promise<ReapReport> {
  const report = {
    checked: 0,
    terminated: [] as ReapedHost[],
    left: [] as ReapedHost[],
    errors: [] as string[],
  };
  const attempt = async <T>(what: string, work: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      const line = `${what}: ${errorLine(error)}`;
      report.errors.push(line);
      log({ event: 'error', message: line });
      return otherwise;
    }
  };

  const listings = await Promise.all(
    clouds.map(async (cloud) => ({
      cloud,
      hosts: await attempt(cloud.name, cloud.hosts(), [] as readonly Host[]),
    })),
  );
  // After the hosts, so that one whose apply ended meanwhile is in it.
  const state = await attempt('state', facts.deployState(), undefined);

  const judge = async (cloud: Cloud, host: Host): Promise<void> => {
    const ended = await attempt(`end marker of ${host.id}`, facts.ended(host.id), false);
    const judgement = classify(host, {
      now,
      stateIds: state?.hostIds,
      lock: state?.lock,
      ended,
      graceMinutes: GRACE_MINUTES,
    });
    const entry = { id: host.id, cloud: cloud.name, ...judgement };
    const terminate = async () => (await cloud.terminate(host.id), true);
    if (mustEnd(judgement) && (await attempt(`terminate ${host.id}`, terminate(), false))) {
      report.terminated.push(entry);
      log({ event: 'terminated', ...entry });
    } else {
      report.left.push(entry);
    }
  };
  const hosts = listings.flatMap(({ cloud, hosts }) => hosts.map((host) => [cloud, host] as const));
  report.checked = hosts.length;
  await Promise.all(hosts.map(([cloud, host]) => judge(cloud, host)));
  return report;
}
