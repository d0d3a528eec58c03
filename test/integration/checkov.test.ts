/** Every stack is planned by real Terraform, and Checkov finds nothing in the plans that is not acknowledged with a reason. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentNames, loadEnvironment } from '../../environments';
import { checkov, type CheckovFinding } from '../support/checkov';
import { withEmulator } from '../support/emulator';
import { prepareAccount } from '../support/planned-account';
import { describeWithTools } from '../support/skip';
import { expectSuccess, Workspace } from '../support/workspace';
import { ACKNOWLEDGED } from './checkov-acknowledged';

const stacksOf = (name: string): string[] => [
  `${name}-platform`,
  name,
  ...(loadEnvironment(name).dashboard.tier === 'none' ? [] : [`${name}-dashboard`]),
];
const STACKS = environmentNames.flatMap(stacksOf);
const TAMPERED = 'tampered';

describeWithTools(['terraform', 'moto', 'checkov'], 'plans of every stack', (tools) => {
  const emulator = withEmulator();
  const workspace = new Workspace(() => emulator.env);
  const plans = mkdtempSync(join(tmpdir(), 'he300-plans-'));
  let findings: readonly CheckovFinding[];

  beforeAll(async () => {
    Object.assign(process.env, emulator.env);
    await prepareAccount(environmentNames.map(loadEnvironment));
    expectSuccess(await workspace.cdktf(['synth']));
    const write = (name: string, plan: string) => writeFileSync(join(plans, `${name}.json`), plan);
    for (const name of environmentNames) {
      await Promise.all(stacksOf(name).map(async (stack) => write(stack, await planOf(stack))));
    }
    write(TAMPERED, (await planOf('dev')).replaceAll('"http_tokens":"required"', '"http_tokens":"optional"'));
    findings = await checkov(tools.checkov, plans);
  }, 600_000);
  afterAll(() => {
    workspace.remove();
    rmSync(plans, { recursive: true });
  });

  async function planOf(stack: string): Promise<string> {
    const terraform = async (...args: string[]) => {
      const finished = await workspace.run(['terraform', ...args], {}, workspace.stack(stack));
      expectSuccess(finished);
      return finished.stdout;
    };
    await terraform('init', '-input=false', '-no-color');
    await terraform('plan', '-input=false', '-no-color', '-out=plan');
    return terraform('show', '-json', 'plan');
  }

  const isAcknowledged = ({ check, resource }: CheckovFinding): boolean =>
    ACKNOWLEDGED.some((a) => a.check === check && a.resource.test(resource));

  test('a host whose metadata service was opened is found, so what follows means something', () => {
    const tampered = findings.filter(({ stack, check }) => stack === TAMPERED && check === 'CKV_AWS_79');
    expect(tampered.map(({ resource }) => resource)).toEqual(['aws_instance.gpu_host_us_east_1[0]']);
  });

  test('every stack was read: each has findings, acknowledged ones among them', () => {
    expect([...new Set(findings.map(({ stack }) => stack))].sort()).toEqual([...STACKS, TAMPERED].sort());
  });

  test('nothing is found that is not acknowledged', () => {
    expect(findings.filter((f) => f.stack !== TAMPERED && !isAcknowledged(f))).toEqual([]);
  });

  test('every acknowledgement has a reason and is still needed', () => {
    const idle = ACKNOWLEDGED.filter(
      ({ check, resource, reason }) =>
        reason.trim() === '' || !findings.some((f) => f.check === check && resource.test(f.resource)),
    );
    expect(idle).toEqual([]);
  });
});
