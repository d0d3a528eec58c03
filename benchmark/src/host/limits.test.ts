import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arm, tighten } from './limits';

const config = { timeLimitMinutes: 120, graceMinutes: 5 };
const minutes = (a: string, b: string): number => (Date.parse(b) - Date.parse(a)) / 60_000;

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-limits-'))));
afterEach(() => rmSync(dir, { recursive: true }));

test('the limit counts from the boot, and the run is stopped before it', () => {
  const limits = arm(join(dir, 'state'), config);
  expect(minutes(limits.launchedAt, limits.limitAt)).toBe(120);
  expect(minutes(limits.stopAt, limits.limitAt)).toBe(5);
  expect(Math.abs(Date.now() - uptime() * 1000 - Date.parse(limits.launchedAt))).toBeLessThan(60_000);
  expect(statSync(join(dir, 'state')).mode & 0o777).toBe(0o700);
});

test('a host that is started again gets no more time', () => {
  const armed = {
    launchedAt: '2026-06-17T12:00:00.000Z',
    stopAt: '2026-06-17T13:55:00.000Z',
    limitAt: '2026-06-17T14:00:00.000Z',
  };
  writeFileSync(join(dir, 'armed.json'), JSON.stringify(armed));
  expect(arm(dir, { timeLimitMinutes: 600, graceMinutes: 5 })).toEqual(armed);
});

test('a file that was cut off is written anew', () => {
  writeFileSync(join(dir, 'armed.json'), '{"launchedAt":"2026');
  expect(minutes(arm(dir, config).launchedAt, arm(dir, config).limitAt)).toBe(120);
});

test('a launch that was earlier than the boot makes the time shorter, a later one does not make it longer', () => {
  const armed = arm(dir, config);
  const launched = Date.parse(armed.launchedAt);
  const earlier = tighten(dir, armed, new Date(launched - 600_000), config);
  expect(minutes(earlier.limitAt, armed.limitAt)).toBe(10);
  expect(arm(dir, config)).toEqual(earlier);
  expect(tighten(dir, earlier, new Date(launched), config)).toEqual(earlier);
  expect(tighten(dir, earlier, null, config)).toEqual(earlier);
  expect(tighten(dir, earlier, new Date(Number.NaN), config)).toEqual(earlier);
});
