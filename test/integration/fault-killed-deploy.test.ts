/** Whatever kills `cdktf deploy`, and whenever: `sweep --terminate` leaves no host behind, and the next deploy works. */
import { setTimeout as delay } from 'node:timers/promises';
import { loadEnvironment } from '../../environments';
import { scanStack } from '../../ops/lib/terraform-processes';
import { TestCloud, until } from '../support/cloud';
import { withEmulator } from '../support/emulator';
import { randomNumbers } from '../support/random-numbers';
import { describeWithTools } from '../support/skip';
import { expectSuccess, Workspace, type Running } from '../support/workspace';

const env = loadEnvironment('dev');
const ROUNDS = Number(process.env.HE300_FAULT_ROUNDS ?? 2);
const SEED = Number(process.env.HE300_FAULT_SEED ?? Date.now() % 1_000_000);
/** Draws until a kill comes before the deploy has ended. */
const MAX_DRAWS = 5;

jest.setTimeout(400_000);

const KILLS = ['everything', 'cdktf alone', 'Terraform alone', 'everything, politely'] as const;
type Kill = (typeof KILLS)[number];

describeWithTools(['terraform', 'moto'], `deploys that are killed (HE300_FAULT_SEED=${SEED})`, () => {
  const emulator = withEmulator();
  const workspace = new Workspace(() => emulator.env);
  const cloud = new TestCloud(env, emulator);
  const random = randomNumbers(SEED);
  const terraform = scanStack(env.name, '/proc', workspace.path);
  const rounds: { readonly kill: Kill; readonly afterMs: number; readonly alive: number }[] = [];
  /** From the lock's taking to its giving back, in a deploy that nobody kills. */
  let applyMs: number;

  beforeAll(async () => {
    expectSuccess(await workspace.ops('bootstrap', ['dev']));
    expectSuccess(await workspace.deploy(['dev-platform']));
    const deploy = await startedDeploy();
    const started = Date.now();
    await until(async () => !(await cloud.lockIsHeld('dev')), 'the end of the apply');
    applyMs = Date.now() - started;
    expectSuccess(await deploy.finished);
    expectSuccess(await workspace.destroy(['dev']));
  });
  afterAll(() => {
    const list = rounds.map(({ kill, afterMs, alive }) => `${kill} after ${afterMs} ms, ${alive} alive`);
    process.stderr.write(
      `killed deploys, of ${applyMs} ms each:\n${list.map((line) => `  ${line}\n`).join('')}`,
    );
    workspace.remove();
  });

  /** A deploy whose Terraform has begun its work. */
  async function startedDeploy(): Promise<Running> {
    const deploy = workspace.startDeploy(['dev']);
    let ended = false;
    void deploy.finished.then(() => (ended = true));
    await until(async () => ended || (await cloud.lockIsHeld('dev')), 'the lock of the deploy');
    if (ended) expectSuccess(await deploy.finished);
    return deploy;
  }

  /** Undefined when the deploy was complete before the kill could harm it. */
  async function killedDeploy(kill: Kill): Promise<Running | undefined> {
    const deploy = await startedDeploy();
    const afterMs = Math.floor(random() * applyMs);
    await delay(afterMs);
    const alive = (await cloud.aliveHosts()).length;
    if (!strike(kill, deploy)) {
      expectSuccess(await deploy.finished);
      return undefined;
    }
    if (kill === 'everything, politely') await deploy.finished;
    if (alive > 0 && !(await cloud.lockIsHeld('dev')) && (await isGuarded())) return undefined;
    rounds.push({ kill, afterMs, alive });
    return deploy;
  }

  /** Whether there was anything left to kill. */
  function strike(kill: Kill, { process: { pid } }: Running): boolean {
    switch (kill) {
      case 'everything':
        return signal(-pid!, 'SIGKILL');
      case 'everything, politely':
        return signal(-pid!, 'SIGTERM');
      case 'cdktf alone':
        return signal(pid!, 'SIGKILL');
      case 'Terraform alone': {
        const own = (terraform() ?? []).filter((p) => p.kind === 'terraform');
        return own.filter((p) => signal(p.pid, 'SIGKILL')).length > 0;
      }
    }
  }

  async function isGuarded(): Promise<boolean> {
    const { InstanceId, Placement } = await cloud.onlyHost();
    const region = Placement!.AvailabilityZone!.slice(0, -1);
    return cloud.guard(InstanceId, region).then(
      () => true,
      () => false,
    );
  }

  const plan = Array.from({ length: ROUNDS }, (_, i) => [i + 1, KILLS[i % KILLS.length]!] as const);

  test.each(plan)('round %i, %s killed: no host is left, and no lock', async (_round, kill) => {
    let deploy: Running | undefined;
    for (let draw = 0; !deploy; draw++) {
      if (draw === MAX_DRAWS) throw new Error(`${MAX_DRAWS} deploys were complete before the kill`);
      deploy = await killedDeploy(kill);
      if (!deploy) expectSuccess(await workspace.destroy(['dev']));
    }
    expectSuccess(await workspace.ops('sweep', ['dev', '--terminate']));
    expect(await cloud.aliveHosts()).toEqual([]);
    // Whatever of the deploy was still there has ended by now and must not have launched anything after the sweep.
    await deploy.finished;
    await until(() => terraform()?.length === 0, 'the end of every Terraform process');
    expect(await cloud.aliveHosts()).toEqual([]);
    expect(await cloud.lockIsHeld('dev')).toBe(false);
  });

  test('some of the kills came when a host was up, else they would prove little', () => {
    if (ROUNDS >= 5) expect(rounds.some(({ alive }) => alive > 0)).toBe(true);
  });

  test('after all that a deploy brings up one host, and a destroy leaves nothing', async () => {
    expectSuccess(await workspace.deploy(['dev']));
    const { InstanceId } = await cloud.onlyHost();
    expect((await workspace.ops('sweep', ['dev'])).text).toContain(
      `${InstanceId}  us-east-1  g5.xlarge  live`,
    );
    expectSuccess(await workspace.destroy(['dev']));
    expect(await cloud.leftovers()).toEqual([]);
  });
});

/** Whether the process was still there. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}
