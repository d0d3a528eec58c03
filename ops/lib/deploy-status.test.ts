import { hostname, userInfo } from 'node:os';
import { deployStatus, whoAmI } from './deploy-status';
import type { TerraformProcess } from './terraform-processes';

const NOW = new Date('2026-06-17T12:00:00Z');
const lockOf = (who: string, minutesAgo = 1) => ({
  id: 'c7d8',
  who,
  operation: 'OperationTypeApply',
  created: new Date(NOW.getTime() - minutesAgo * 60_000),
});
const MINE = lockOf('me@here');
const terraform = (orphaned: boolean): TerraformProcess => ({ pid: 7, kind: 'terraform', orphaned });
const provider: TerraformProcess = { pid: 8, kind: 'provider', orphaned: true };

const statusOf = (
  lock: Parameters<typeof deployStatus>[0],
  processes: readonly TerraformProcess[] | undefined,
) => deployStatus(lock, processes, NOW, 'me@here');

test.each([
  ['Terraform that lost its cdktf', MINE, [terraform(true), provider], 'orphaned', 'terraform process 7'],
  ['a provider that lost its Terraform', MINE, [provider], 'orphaned', 'provider process 8'],
  ['an orphan that never got the lock', undefined, [terraform(true)], 'orphaned', 'terraform process 7'],
  ['my lock and nobody at work', MINE, [], 'stale', 'me@here holds the lock since 2026-06-17T11:59:00.000Z'],
  [
    'my old lock where processes cannot be seen',
    lockOf('me@here', 31),
    undefined,
    'stale',
    'me@here holds the lock',
  ],
  [
    'my young lock where processes cannot be seen',
    lockOf('me@here', 29),
    undefined,
    'running',
    'me@here holds the lock',
  ],
  [
    "somebody else's lock, however old",
    lockOf('runner@ci', 999),
    [],
    'running',
    'runner@ci holds the lock since',
  ],
  ['Terraform under its cdktf', MINE, [terraform(false), provider], 'running', 'process 7'],
  ['no lock and nobody at work', undefined, [], 'none', ''],
  ['no lock where processes cannot be seen', undefined, undefined, 'none', ''],
])('%s', (_title, lock, processes, kind, reason) => {
  const status = statusOf(lock, processes);
  expect(status.kind).toBe(kind);
  expect(status.reason).toContain(reason);
});

test("somebody else's lock is never taken for what a killed deploy left", () => {
  expect(statusOf(lockOf('runner@ci'), [terraform(true)]).leftLock).toBeUndefined();
  expect(statusOf(lockOf('runner@ci'), []).leftLock).toBeUndefined();
  expect(statusOf(MINE, [terraform(true)]).leftLock).toBe(MINE);
  expect(statusOf(MINE, []).leftLock).toBe(MINE);
});

test('I am who Terraform says I am', () => {
  expect(whoAmI()).toBe(`${userInfo().username}@${hostname()}`);
});
