/** Launches an environment's host: one, whatever fails or is killed meanwhile. */
import { LambdaCloudUnavailable } from '../../../constructs/lifetime/reaper/clouds/lambda-cloud-client';
import { LAUNCHED_AT_TAG } from '../../../constructs/lifetime/reaper/clouds/lambda-cloud';
import type { IngressRule } from '../../../constructs/network/host-ingress';
import { encodeForLambdaCloud } from '../../../userdata/encode';
import { CliError } from '../cli';
import type { LambdaInstance } from './answers';
import type { LambdaCloudApi } from './api';
import {
  affordableOffer,
  checkRegions,
  exceedsQuota,
  lacksCapacity,
  NoCapacity,
  upperBoundUsd,
  type RunBounds,
} from './capacity';
import { ensureRuleset, firewallRules } from './firewall';
import { findHosts, isOurs, survey, type HostIdentity } from './host';
import { keepOne } from './keep-one';
import { nobodysKey } from './ssh-key';
import { checkTags } from './tags';
import { minutes, pause } from './waiting';

/** How long a launch without an answer may take to show up in the list. */
const SETTLE_MS = 30_000;
/** How long a launched host may take to show up. */
const LISTED_WITHIN_MS = 60_000;
const POLL_MS = 2000;
const CAPACITY_POLL_MS = 15_000;
const MAX_UNCLEAR = 3;
const NOTHING_SEEN = { billed: [] };

export interface LaunchHostOptions extends RunBounds {
  readonly host: HostIdentity;
  readonly instanceType: string;
  /** Where it may be, in the order in which they are tried. */
  readonly regions: readonly string[];
  /** Plain text, at most 1 MB. */
  readonly userData: string;
  /** The host's tags, without the time of its launch. */
  readonly tags: Readonly<Record<string, string>>;
  readonly ingress: readonly IngressRule[];
  /** @default - a key that nobody has */
  readonly sshKeyName?: string | undefined;
  /** @default - the vendor's latest image with its drivers */
  readonly imageFamily?: string | undefined;
  /** How long capacity is waited for. @default 0 */
  readonly waitForCapacityMinutes?: number | undefined;
  /** Its abort ends what has been launched. */
  readonly signal?: AbortSignal | undefined;
  readonly progress: (line: string) => void;
}

export interface LaunchedHost extends LambdaInstance {
  /** False when there was one already. */
  readonly launched: boolean;
  /** Most that the run can cost at the host's price, in US dollars. */
  readonly upperBoundUsd: number;
}

/**
 * Looks for the host first, launches it when there is none, and looks again. A launch whose answer was lost is looked
 * for before the next one is tried; of two hosts of two launchers the later one goes. When it fails, what it has
 * launched is ended, for Terraform forgets a resource whose creation failed without ending it.
 * @throws NoCapacity when there is none by the deadline; CliError for what is not allowed or above the cap
 */
export async function launchHost(api: LambdaCloudApi, options: LaunchHostOptions): Promise<LaunchedHost> {
  encodeForLambdaCloud(options.userData);
  checkTags(options.tags);
  const launch = new Launch(api, options);
  try {
    const host = await launch.run();
    // Whoever interrupts is told of no host, and so may not be left with one.
    options.signal?.throwIfAborted();
    return host;
  } catch (error) {
    await launch.undo();
    throw error;
  }
}

class Launch {
  private readonly launchedIds = new Set<string>();
  /** Times, as tagged, of launches of which nobody knows whether they worked. */
  private readonly unclearTimes = new Set<string>();
  private sshKeyName: string | undefined;

  constructor(
    private readonly api: LambdaCloudApi,
    private readonly options: LaunchHostOptions,
  ) {
    this.sshKeyName = options.sshKeyName;
  }

  async run(): Promise<LaunchedHost> {
    const { api, options } = this;
    const { instanceType, regions, waitForCapacityMinutes = 0, progress, signal } = options;
    const there = await this.lookUp();
    if (there) return this.result(there);
    await checkRegions(api, regions);
    for (const deadline = api.clock.now() + minutes(waitForCapacityMinutes); ;) {
      const offer = await affordableOffer(api, instanceType, options);
      for (const region of regions.filter((one) => offer.freeRegions.includes(one))) {
        const host = await this.launchIn(region);
        if (host) return this.result(host);
        progress(`no capacity for ${instanceType} in ${region}`);
      }
      const leftMs = deadline - api.clock.now();
      if (leftMs <= 0) throw new NoCapacity(instanceType, regions);
      progress(
        `waiting for ${instanceType} in ${regions.join(', ')}, ${Math.ceil(leftMs / 60_000)} min left`,
      );
      // Not at the same time as others who wait for the same host.
      await pause(api.clock, Math.min(leftMs, CAPACITY_POLL_MS * (0.75 + Math.random() / 2)), signal);
    }
  }

  /** Ends what was launched here, as far as it can be seen. */
  async undo(): Promise<void> {
    const { api, options } = this;
    const { host, progress } = options;
    if (this.unclearTimes.size > 0) {
      const { billed } = await survey(api, host).catch(() => NOTHING_SEEN);
      const appeared = billed.filter(({ tags }) => this.unclearTimes.has(tags[LAUNCHED_AT_TAG] ?? ''));
      for (const { id } of appeared) this.launchedIds.add(id);
      if (appeared.length === 0)
        progress(
          `a host may still appear; end it with: npm run lambda -- terminate --prefix ${host.environment}`,
        );
    }
    for (const id of this.launchedIds) {
      progress(`ending ${id}, for the launch has failed`);
      await api
        .terminate(id)
        .catch((error: Error) => progress(`${id} may still be running: ${error.message}`));
    }
  }

  private async lookUp(own?: string): Promise<LambdaInstance | undefined> {
    const { api, options } = this;
    return keepOne(api, options.host, await findHosts(api, options.host), { ...options, own });
  }

  /** Undefined when the region has no capacity, or took it back at once. */
  private async launchIn(region: string): Promise<LambdaInstance | undefined> {
    const { api, options } = this;
    const { host, ingress, signal } = options;
    const sshKeyName = (this.sshKeyName ??= await nobodysKey(api, host.environment));
    const { id: rulesetId } = await ensureRuleset(api, host.name, region, firewallRules(ingress));
    for (let unclear = 1; ; unclear++) {
      signal?.throwIfAborted();
      const there = await this.lookUp();
      if (there) return there;
      const launchedAt = new Date(api.clock.now()).toISOString();
      try {
        const id = await api.launch({
          ...options,
          region,
          name: host.name,
          sshKeyName,
          rulesetId,
          tags: { ...options.tags, [LAUNCHED_AT_TAG]: launchedAt },
        });
        this.launchedIds.add(id);
        options.progress(`launched ${id} in ${region}`);
        return await this.lookAgain(id);
      } catch (error) {
        if (lacksCapacity(error)) return undefined;
        if (exceedsQuota(error))
          throw new NoCapacity(options.instanceType, [region], 'global/quota-exceeded');
        if (!(error instanceof LambdaCloudUnavailable) || this.launchedIds.size > 0) throw error;
        this.unclearTimes.add(launchedAt);
        options.progress(`${error.message}; looking whether it launched one`);
        const appeared = await this.appearing();
        if (appeared) return appeared;
        if (unclear === MAX_UNCLEAR) throw error;
      }
    }
  }

  /** The host of a launch that has no answer. */
  private async appearing(): Promise<LambdaInstance | undefined> {
    const { clock } = this.api;
    for (const deadline = clock.now() + SETTLE_MS; ; await pause(clock, POLL_MS, this.options.signal)) {
      const host = await this.lookUp();
      if (host || clock.now() >= deadline) return host;
    }
  }

  /** The one host that is left once ours is in the list. */
  private async lookAgain(id: string): Promise<LambdaInstance | undefined> {
    const { api, options } = this;
    const { clock } = api;
    for (const deadline = clock.now() + LISTED_WITHIN_MS; ; await pause(clock, POLL_MS, options.signal)) {
      const own = (await api.instances()).find((one) => one.id === id);
      if (own) return this.kept(own);
      if (clock.now() >= deadline)
        throw new CliError(`${id} was launched and is not in the list ${LISTED_WITHIN_MS / 1000} s later`);
    }
  }

  private async kept(own: LambdaInstance): Promise<LambdaInstance | undefined> {
    const { host, progress } = this.options;
    if (!isOurs(own, host)) throw new CliError(`${own.id} was launched and lacks the tags that it was given`);
    const left = await this.lookUp(own.id);
    if (left?.id !== own.id) this.launchedIds.delete(own.id);
    if (!left) progress(`${own.id} is ${own.status}`);
    return left;
  }

  private result(host: LambdaInstance): LaunchedHost {
    return {
      ...host,
      launched: this.launchedIds.has(host.id),
      upperBoundUsd: upperBoundUsd(host.usdPerHour, this.options.timeLimitMinutes),
    };
  }
}
