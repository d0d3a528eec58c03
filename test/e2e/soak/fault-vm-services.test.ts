/** Booted hosts round which services vanish, for minutes or for good. */
import { setTimeout as delay } from 'node:timers/promises';
import { sample, type Sample } from '../../../benchmark/src/contract/sample';
import { FILES } from '../../../benchmark/src/run/directory';
import { buildRunnerBundle } from '../../../ops/lib/bundle';
import { withEmulator } from '../../support/emulator';
import { gate } from '../../support/gate';
import { call } from '../../support/he300';
import type { ReceivedRun } from '../../support/receiver.double';
import { hostLines } from '../../support/vm/host-log';
import type { BootedHost, DeployedHost } from '../../support/vm/deployment';
import { withFaultFixture } from '../../support/vm/fixture';
import { describeWithVm } from '../../support/vm/suite';

const LIFE_LIMIT_MS = 40 * 60_000;
const GONE_MS = 120_000;
const ANSWER_MS = 500;

/** Of the hooks, on a machine that does much else. */
jest.setTimeout(120_000);

describeWithVm(['terraform', 'moto'], 'booted hosts whose services vanish', (boot) => {
  const emulator = withEmulator();
  const fixture = withFaultFixture(emulator, { answerMs: ANSWER_MS });
  let host: DeployedHost;
  beforeEach(async () => void (host = await fixture().deployment.launch()), LIFE_LIMIT_MS);
  afterEach(async () => {
    const { deployment } = fixture();
    if ((await deployment.stateOf(host)) !== 'terminated')
      await deployment.cloud.terminate(host.instanceId, deployment.environment.homeRegion);
  });

  test(
    'AWS does not answer for the first two minutes: the host waits, and lives its life',
    async () => {
      const { deployment } = fixture();
      const aws = await gate(new URL(emulator.endpoint));
      await aws.close();
      const { vm } = await deployment.boot(boot, host, { endpoint: aws.url });
      await vm.console.waitFor(/^fetch-bundle: attempt 1: /);
      await delay(GONE_MS);
      await aws.open();
      await vm.off;
      await aws.close();
      await expectWhole(host);
    },
    LIFE_LIMIT_MS,
  );

  test(
    'the dashboard is gone for the whole run: the host ends all the same, and its events are delivered later, once',
    async () => {
      const { deployment, receiver, webhookKey } = fixture();
      await receiver.goAway();
      const { vm } = await deployment.boot(boot, host);
      await vm.off;
      expect(receiver.runs.has(host.runId)).toBe(false);
      expect(await deployment.stateOf(host)).toBe('terminated');
      await receiver.back();

      const { artifactBucket } = deployment.names;
      const deliver = async (): Promise<void> => {
        const env = { ...emulator.env, HE300_WEBHOOK_KEY: webhookKey };
        const argv = ['deliver', host.runId, '--bucket', artifactBucket, '--dashboard', receiver.url];
        const { code, stderr } = await call({ argv, program: buildRunnerBundle().path, env });
        expect([code, stderr]).toEqual([0, '']);
      };
      await deliver();
      const { events } = receiver.runs.get(host.runId)!;
      const told = events.map(({ seq }) => seq);
      await deliver();
      expect(events.map(({ seq }) => seq)).toEqual(told);
      expect(receiver.violations).toEqual([]);
      expect(receiver.runs.get(host.runId)!.state).toBe('COMPLETED');
      expect(events.filter(({ type }) => type === 'run.started')).toMatchObject([{ resumed: false }]);
    },
    LIFE_LIMIT_MS,
  );

  test(
    'the model server crashes in the middle of the run, and comes back: no scenario is lost or scored twice',
    async () => {
      const { deployment, model, modelGate } = fixture();
      const before = model.asked.length;
      const { vm } = await deployment.boot(boot, host);
      while (model.asked.length < before + 10) await waitWhileOn(vm, 100);
      await modelGate.close();
      await delay(5_000);
      await modelGate.open();
      await vm.off;
      await expectWhole(host);
    },
    LIFE_LIMIT_MS,
  );

  async function expectWhole({ runId, instanceId }: DeployedHost): Promise<void> {
    const { deployment, receiver } = fixture();
    expect(receiver.violations).toEqual([]);
    const run = receiver.runs.get(runId)!;
    expect(run.state).toBe('COMPLETED');
    const samples = samplesOf(run);
    const scored = samples.filter(({ pass }) => pass === 'scored').map(({ index }) => index);
    expect(scored.sort((a, b) => a - b)).toEqual([...Array(scored.length).keys()]);
    expect(run.events.at(-1)).toMatchObject({ overall: { scenarios: scored.length } });
    expect(await deployment.stateOf(host)).toBe('terminated');
    expect(instanceId).toBe(host.instanceId);
  }
});

/** Answers so slow that no run is over before its limit. */
describeWithVm(['terraform', 'moto'], 'a booted host whose time is over', (boot) => {
  const emulator = withEmulator();
  const fixture = withFaultFixture(emulator, { answerMs: 60_000 });

  test(
    'stops the run, keeps what it has, says that it was interrupted, and is gone',
    async () => {
      const { deployment, receiver } = fixture();
      const host = await deployment.launch();
      const { timeLimitMinutes } = deployment.environment.run;
      // The cloud says that it was launched long ago: five minutes are left until the run is stopped.
      const launchedAt = new Date(Date.now() - (timeLimitMinutes - 10) * 60_000);
      const { vm } = await deployment.boot(boot, host, { launchedAt });
      await vm.off;
      const run = receiver.runs.get(host.runId)!;
      expect(receiver.violations).toEqual([]);
      expect(run.state).toBe('FAILED');
      expect(run.events.at(-1)).toMatchObject({
        ...{ type: 'run.failed', phase: 'run', interrupted: true },
        cause: 'the host’s time is over',
      });
      expect(hostLines(vm.console)).toContainEqual(expect.objectContaining({ reason: 'time-limit' }));
      const kept = samplesOf(run, `partial-0-${FILES.samples}`);
      expect(kept.length).toBeGreaterThan(0);
      expect(await deployment.stateOf(host)).toBe('terminated');
    },
    LIFE_LIMIT_MS,
  );
});

async function waitWhileOn({ off, console }: BootedHost['vm'], ms: number): Promise<void> {
  const isOff = off.then(() => true);
  if ((await Promise.race([isOff, delay(ms)])) === true)
    throw new Error(`the host was off too early:\n${console.tail()}`);
}

function samplesOf({ artifacts }: ReceivedRun, name: string = FILES.samples): Sample[] {
  const lines = artifacts.get(name)!.body.toString().split('\n').filter(Boolean);
  return lines.map((line) => sample.parse(JSON.parse(line)));
}
