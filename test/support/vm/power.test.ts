/** With shells in the place of emulated PCs. */
import { spawn } from 'node:child_process';
import { VmConsole } from './console';
import { FIRST_WORD_MS, Power } from './power';

const HANGS = 'exec sleep 600';
const LIVES = 'echo "[1.0] systemd: Starting"';

let console: VmConsole;
let said: string[];
let starts: number;
beforeEach(() => {
  // The processes are real, and so is how they end.
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  [console, said, starts] = [new VmConsole(), [], 0];
});
afterEach(() => jest.useRealTimers());

const power = (...scripts: readonly string[]): Power =>
  new Power({
    ...{ name: 'i-1', console, screen: () => 'Linux version 6.1', log: (line) => void said.push(line) },
    start: () => spawn('sh', ['-c', scripts[starts++]!]),
  });

async function untilStarted(count: number): Promise<void> {
  while (starts < count) await new Promise(setImmediate);
}

test('one that says nothing is switched off and on again, and what it says then counts', async () => {
  const { off } = power(HANGS, HANGS, LIVES);
  jest.advanceTimersByTime(FIRST_WORD_MS[0]);
  await untilStarted(2);
  jest.advanceTimersByTime(FIRST_WORD_MS[1]);
  await off;
  expect(console.lines).toHaveLength(1);
  expect(said).toEqual([
    'i-1: no sign of life 90 s after power-on: it is switched off and on again\n',
    'i-1: no sign of life 180 s after power-on: it is switched off and on again\n',
  ]);
});

test('one that never lives is given up, and whoever waits for its words is told', async () => {
  const { off } = power(HANGS, HANGS, HANGS);
  const word = console.waitFor(/./);
  for (const [i, ms] of FIRST_WORD_MS.entries()) {
    await untilStarted(i + 1);
    jest.advanceTimersByTime(ms);
  }
  await expect(off).rejects.toThrow('no sign of life after 3 starts; on its screen: Linux version 6.1');
  await expect(word).rejects.toThrow('never said: /./; no sign of life after 3 starts');
  expect(said.at(-1)).toBe('i-1: no sign of life 360 s after power-on\n');
});

test('one that has said a word may be silent for as long as it likes', async () => {
  const pc = power(`${LIVES}; ${HANGS}`);
  await console.waitFor(/Starting/);
  jest.advanceTimersByTime(FIRST_WORD_MS[0]);
  await pc.cut();
  expect([starts, said]).toEqual([1, []]);
  await expect(pc.off).rejects.toThrow('qemu ended with SIGKILL');
});

test('one that is cut off before its first word stays off', async () => {
  const pc = power(HANGS);
  await pc.cut();
  await expect(pc.off).rejects.toThrow('qemu ended with SIGKILL');
  expect([starts, said]).toEqual([1, []]);
});

test.each([
  ['exit 3', 'qemu ended with exit code 3'],
  ['echo "no disk" >&2; exit 1', 'qemu ended with exit code 1: no disk'],
])('one that cannot be started is not tried again: %s', async (script, message) => {
  await expect(power(script).off).rejects.toThrow(message);
  expect(starts).toBe(1);
});

test('a crash of the kernel is no end in order', async () => {
  const pc = new Power({
    ...{ name: 'i-1', console, screen: () => 'Kernel panic - not syncing', log: () => undefined },
    start: () => spawn('sh', ['-c', LIVES]),
  });
  await expect(pc.off).rejects.toThrow("the host's kernel crashed:\nKernel panic - not syncing");
});
