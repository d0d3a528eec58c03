/** The sources that see this machine and this process. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { clientReading, hostReading } from '../contract/telemetry-line';
import { Client, LoopDelay } from './client';
import { busyPart, Host, parseMeminfo, parseStat } from './host';

describe('/proc/stat', () => {
  test.each([
    ['', undefined],
    ['cpu0 1 2 3 4', undefined],
    ['cpu  1 2 3', undefined],
    ['cpu  x y z', undefined],
    // An old kernel without the times of waiting and of interrupts.
    ['cpu  10 0 10 80\n', { busy: 20, total: 100 }],
    // The last two columns stand in the first two already.
    ['cpu  10 1 9 70 10 0 0 0 5 1\ncpu0 10 1 9 70 10 0 0 0 5 1\n', { busy: 20, total: 100 }],
  ])('%j', (text, times) => {
    expect(parseStat(text)).toEqual(times);
  });

  test('of any text is nothing, or times of which a part is busy', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1e12 }), { maxLength: 12 }), (columns) => {
        const times = parseStat(`cpu  ${columns.join(' ')}\n`);
        if (!times) return;
        expect(times.busy).toBeGreaterThanOrEqual(0);
        expect(times.busy).toBeLessThanOrEqual(times.total);
      }),
    );
  });

  test.each([
    [undefined, { busy: 1, total: 1 }, null],
    [{ busy: 1, total: 1 }, { busy: 1, total: 1 }, null],
    [{ busy: 9, total: 10 }, { busy: 1, total: 20 }, null],
    [{ busy: 10, total: 100 }, { busy: 40, total: 200 }, 0.3],
  ])('from %j to %j is busy for %j', (before, now, part) => {
    expect(busyPart(before, now)).toBe(part);
  });
});

test.each([
  ['', null],
  ['MemTotal: 100 kB\nMemFree: 10 kB\n', null],
  ['MemTotal: 100 kB\nMemAvailable: 200 kB\n', null],
  ['MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    250 kB\n', 0.75],
])('/proc/meminfo %j', (text, part) => {
  expect(parseMeminfo(text)).toBe(part);
});

describe('the host', () => {
  test('is this machine', () => {
    const host = new Host();
    const endMs = performance.now() + 30;
    while (performance.now() < endMs);
    const { host: reading } = host.read();
    expect(hostReading.parse(reading)).toEqual(reading);
    expect(reading!.memory).toBeGreaterThan(0);
  });

  test('between two looks is as busy as the kernel says', () => {
    const dir = mkdtempSync(join(tmpdir(), 'he300-proc-'));
    writeFileSync(join(dir, 'stat'), 'cpu  100 0 0 900 0 0 0 0\n');
    writeFileSync(join(dir, 'meminfo'), 'MemTotal: 100 kB\nMemAvailable: 40 kB\n');
    const host = new Host(dir);
    writeFileSync(join(dir, 'stat'), 'cpu  190 0 0 910 0 0 0 0\n');
    expect(host.read()).toEqual({ host: { cpu: 0.9, memory: 0.6 } });
    expect(host.read()).toEqual({ host: { cpu: null, memory: 0.6 } });
    rmSync(dir, { recursive: true });
  });

  test('without /proc is asked of the system', () => {
    expect(new Host('/nowhere').read().host!.memory).toBeGreaterThan(0);
  });
});

describe('the client', () => {
  test('sees its own work, and that its loop was held up', async () => {
    const [client, delay] = [new Client(), new LoopDelay()];
    // The monitor counts from its first tick.
    await new Promise((resolve) => setTimeout(resolve, 30));
    client.read();
    const endMs = performance.now() + 200;
    while (performance.now() < endMs);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const { client: reading } = client.read();
    expect(clientReading.parse(reading)).toEqual(reading);
    expect(reading!.cpu).toBeGreaterThan(0);
    expect(reading!.loopDelayP99Ms).toBeGreaterThan(100);
    expect(delay.maxMs).toBeGreaterThan(100);
    client.close();
    delay.close();
  });

  test('that saw nothing yet was never late', () => {
    const delay = new LoopDelay();
    expect([delay.percentile(50), delay.percentile(99), delay.maxMs]).toEqual([0, 0, 0]);
    delay.close();
  });
});
