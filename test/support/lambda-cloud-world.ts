/** Lambda Cloud's double and our side of it, on one clock that moves when somebody waits. */
import { hostIngress } from '../../constructs/network/host-ingress';
import type { Clock } from '../../constructs/lifetime/reaper/clouds/pace';
import { loadEnvironment } from '../../environments';
import { LambdaCloudApi } from '../../ops/lib/lambda-cloud';
import { hostTags } from '../../ops/lib/lambda-cloud/host-tags';
import { hostIdentity } from '../../ops/lib/lambda-cloud/host';
import { launchHost, type LaunchHostOptions } from '../../ops/lib/lambda-cloud/launch-host';
import { API_KEY, LambdaCloudDouble, type DoubleOptions } from './lambda-cloud.double';
import { describeWithSharedData } from './skip';

export const HOST = hostIdentity('he300-dev');
export const MINUTE_MS = 60_000;

/** Its time passes only in `sleep`, and then at once. */
export class MovingClock implements Clock {
  readonly waits: number[] = [];
  constructor(private ms = Date.parse('2026-06-17T12:00:00Z')) {}
  now = () => this.ms;
  async sleep(ms: number): Promise<void> {
    this.waits.push(ms);
    this.ms += ms;
  }
}

export class LambdaCloudWorld {
  readonly clock = new MovingClock();
  readonly lines: string[] = [];
  private known: LambdaCloudApi | undefined;
  private constructor(readonly double: LambdaCloudDouble) {}

  static async start(dataPath: string, options: Omit<DoubleOptions, 'clock'>): Promise<LambdaCloudWorld> {
    let now = (): number => 0;
    const double = await LambdaCloudDouble.start(dataPath, { ...options, clock: { now: () => now() } });
    const world = new LambdaCloudWorld(double);
    now = world.clock.now;
    return world;
  }

  get account() {
    return this.double.account;
  }

  /** Another one is another program, which knows nothing of this one's pace. */
  newApi(): LambdaCloudApi {
    const { clock, double } = this;
    return new LambdaCloudApi({ apiKey: async () => API_KEY, endpoint: double.endpoint, clock });
  }

  get api(): LambdaCloudApi {
    return (this.known ??= this.newApi());
  }

  progress = (line: string): void => void this.lines.push(line);

  launch(change: Partial<LaunchHostOptions> = {}, api = this.api) {
    const env = loadEnvironment('dev');
    return launchHost(api, {
      host: HOST,
      instanceType: 'gpu_1x_a10',
      regions: ['us-west-1', 'us-east-1'],
      userData: '#cloud-config\n',
      tags: hostTags(env),
      ingress: hostIngress(env.network),
      timeLimitMinutes: 120,
      priceCapUsd: 4,
      progress: this.progress,
      ...change,
    });
  }

  /** Status of every instance there ever was. */
  statuses(): string[] {
    return this.account.instances.map(({ status }) => status);
  }

  requestsFor(path: string): number {
    return this.double.requests.filter((what) => what.endsWith(path)).length;
  }
}

/** A suite whose every test has a Lambda Cloud of its own, and whose requests and answers the vendor's document allows. */
export function describeOnLambdaCloud(
  title: string,
  suite: (world: () => LambdaCloudWorld) => void,
  options: Omit<DoubleOptions, 'clock'> = { limited: true },
): void {
  // Waits of hours take seconds here, and more of them on a busy machine.
  jest.setTimeout(60_000);
  describeWithSharedData(title, (data) => {
    let world: LambdaCloudWorld;
    beforeEach(async () => void (world = await LambdaCloudWorld.start(data, options)));
    afterEach(async () => {
      await world.double.stop();
      expect(world.double.faults).toEqual([]);
    });
    suite(() => world);
  });
}
