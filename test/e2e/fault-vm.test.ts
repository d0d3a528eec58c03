/** Faults that need a machine of one's own: another bundle than was agreed on, and a power cut in the middle of a run. */
import { setTimeout as delay } from 'node:timers/promises';
import { HOST_PATHS } from '../../benchmark/src/contract/host-config';
import { sample } from '../../benchmark/src/contract/sample';
import { segmentsPrefix } from '../../benchmark/src/host/continuity/layout';
import { FILES } from '../../benchmark/src/run/directory';
import { withEmulator } from '../support/emulator';
import { hostLines } from '../support/vm/host-log';
import type { DeployedHost } from '../support/vm/deployment';
import { CONCURRENCY, withFaultFixture } from '../support/vm/fixture';
import { describeWithVm } from '../support/vm/suite';

const LIFE_LIMIT_MS = 15 * 60_000;

/** Slow enough that a run lasts longer than it takes to cut its power. */
const ANSWER_MS = 1_000;
const SCORED_BEFORE_THE_CUT = 8;

/** Of the hooks, on a machine that does much else. */
jest.setTimeout(120_000);

describeWithVm(['terraform', 'moto'], 'booted hosts to which something happens', (boot) => {
  const emulator = withEmulator();
  const fixture = withFaultFixture(emulator, { answerMs: ANSWER_MS });
  let first: DeployedHost;
  beforeAll(async () => void (first = await fixture().deployment.launch()), LIFE_LIMIT_MS);

  test(
    'a bundle that is not the one agreed on is refused, and the host is off without having run anything',
    async () => {
      const { deployment, receiver, model } = fixture();
      const [key] = await deployment.keys('bundles/');
      const bundle = (await deployment.object(key!))!;
      await deployment.putObject(key!, Buffer.concat([bundle, Buffer.from('\n// and something more\n')]));
      const { vm } = await deployment.boot(boot, first);
      await vm.off;
      await deployment.putObject(key!, bundle);

      const refused = vm.console.find(/^fetch-bundle: bundles\/\S+: its SHA-256 is [0-9a-f]{64}; allowed: /);
      expect(refused?.text).toContain(`allowed: ${key!.slice('bundles/'.length, -'.mjs'.length)}`);
      expect(hostLines(vm.console)).toEqual([]);
      expect(() => vm.disk.read(HOST_PATHS.bundle)).toThrow('File not found');
      expect([receiver.runs.size, model.asked.length]).toEqual([0, 0]);
      expect(await deployment.keys('runs/')).toEqual([]);
      // What ends a host whose supervisor never came to be: the cloud terminates what powers itself off.
      const behaviour = 'instanceInitiatedShutdownBehavior';
      const { InstanceInitiatedShutdownBehavior } = await deployment.cloud.attribute(
        first.instanceId,
        behaviour,
        deployment.environment.homeRegion,
      );
      expect(InstanceInitiatedShutdownBehavior?.Value).toBe('terminate');
    },
    LIFE_LIMIT_MS,
  );

  test(
    'a run whose host lost its power is finished by the next host, with every scenario scored once',
    async () => {
      const { deployment, receiver, model } = fixture();
      const lost = await deployment.boot(boot, first);
      const before = await untilScored(SCORED_BEFORE_THE_CUT);
      await lost.vm.kill();
      await deployment.cloud.terminate(first.instanceId, deployment.environment.homeRegion);
      const kept = await segments();

      const next = await deployment.boot(boot, await deployment.launch(first.runId));
      expect(next.instanceId).not.toBe(first.instanceId);
      await next.vm.off;

      const run = receiver.runs.get(first.runId)!;
      expect([...receiver.runs.keys()]).toEqual([first.runId]);
      expect(receiver.violations).toEqual([]);
      expect(run.state).toBe('COMPLETED');
      const started = run.events.filter(({ type }) => type === 'run.started');
      expect(started).toMatchObject([{ resumed: false }, { resumed: true }]);

      const log = run.artifacts.get(FILES.samples)!.body.toString();
      // Nothing that had reached the bucket is lost or asked again.
      expect(kept.length).toBeGreaterThanOrEqual(before.length);
      expect(log.startsWith(kept)).toBe(true);
      const samples = samplesIn(log);
      const scored = samples.filter(({ pass }) => pass === 'scored').map(({ index }) => index);
      expect(scored.sort((a, b) => a - b)).toEqual([...Array(scored.length).keys()]);
      expect(run.events.at(-1)).toMatchObject({ overall: { scenarios: scored.length } });
      // Asked twice is at most what was in flight, or on its way to the bucket, when the power went.
      const onItsWay = (seconds: number): number => (CONCURRENCY * seconds * 1000) / ANSWER_MS;
      process.stderr.write(
        `power cut: ${samplesIn(kept).length} of ${samples.length} samples kept, ${model.asked.length - samples.length} asked twice\n`,
      );
      expect(model.asked.length - samples.length).toBeLessThanOrEqual(CONCURRENCY + onItsWay(10));
      expect(await deployment.stateOf(next)).toBe('terminated');

      async function untilScored(count: number): Promise<string> {
        const isOff = lost.vm.off.then(() => true);
        for (;;) {
          const text = await segments();
          if (samplesIn(text).length >= count) return text;
          if ((await Promise.race([isOff, delay(200)])) === true)
            throw new Error(`the host was off too early:\n${lost.vm.console.tail()}`);
        }
      }
    },
    LIFE_LIMIT_MS,
  );

  /** What of the sample log is in the bucket. */
  async function segments(): Promise<string> {
    const { deployment } = fixture();
    const keys = await deployment.keys(`${segmentsPrefix(first.runId)}${FILES.samples}/0000/`);
    const pieces = await Promise.all(keys.map(async (key) => (await deployment.object(key))!.toString()));
    return pieces.join('');
  }
});

const samplesIn = (log: string) =>
  log
    .split('\n')
    .filter(Boolean)
    .map((line) => sample.parse(JSON.parse(line)));
