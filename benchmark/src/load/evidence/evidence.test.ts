import type { Telemetry } from '../../contract/telemetry';
import { clientFindings } from './client';
import { boundOf, gpuFindings } from './gpu';
import { findingsOf } from './index';
import { kvCacheFull, serverFindings } from './server';
import { always, client, gpu, NOTHING_SEEN, vllm } from './telemetry.double';

const gpus = (...list: ReturnType<typeof gpu>[]): Pick<Telemetry, 'gpus' | 'server'> => ({
  gpus: list,
  server: null,
});

describe('where nothing was seen', () => {
  test('nothing is claimed, and each thing that is not known is named', () => {
    expect(findingsOf(NOTHING_SEEN, 4)).toEqual({
      evidence: [],
      warnings: [],
      unknowns: [
        expect.stringMatching(/^whether the runner itself was what was slow/),
        expect.stringMatching(/^the server’s queue: no page of metrics told/),
        expect.stringMatching(/^the GPU: none was seen/),
      ],
    });
    expect(boundOf(null)).toBeNull();
    expect(boundOf([])).toBeNull();
  });
});

describe('the client', () => {
  test.each([
    [0.12, 1, 'client: 12 % of a core, event loop late by at most 1.0 ms (p99): it had time left', []],
    [0.95, 4, 'client: 95 % of a core, event loop late by at most 4.0 ms (p99): it had no time left', []],
    [
      0.3,
      45,
      'client: 30 % of a core, event loop late by at most 45.0 ms (p99): it had time left',
      ['latencies hold up to 45 ms of the runner’s own delay (event loop, p99)'],
    ],
  ])('with %d of a core and a loop late by %d ms', (cpu, loopDelayP99Ms, evidence, warnings) => {
    expect(clientFindings({ cpu, loopDelayP99Ms }, null)).toEqual({
      evidence: [evidence],
      warnings,
      unknowns: [],
    });
  });

  test('on a machine whose processors are all busy', () => {
    const host = { cpu: always(0.98), memory: always(0.5) };
    for (const load of [{ cpu: 0.1, loopDelayP99Ms: 1 }, null])
      expect(clientFindings(load, host).evidence).toContain(
        'the processors of the runner’s machine were 98 % busy',
      );
    expect(
      clientFindings({ cpu: 0.1, loopDelayP99Ms: 1 }, { ...host, cpu: always(0.5) }).evidence,
    ).toHaveLength(1);
  });
});

describe('the server', () => {
  test('tells its queue, and how full its cache is', () => {
    expect(serverFindings(vllm(32, 8, 0.41), 40)).toEqual({
      evidence: ['vllm: 32.0 requests at work, 8.0 waiting, KV cache 41 % full (mean)'],
      warnings: [],
      unknowns: [],
    });
  });

  test('that has more requests than were sent serves somebody else too', () => {
    expect(serverFindings(vllm(10, 40), 16).warnings).toEqual([
      'the server had 50 requests while 16 were in flight: somebody else uses it',
    ]);
    // One that is just ending may be counted with the one that takes its place.
    expect(serverFindings(vllm(2, 0), 1).warnings).toEqual([]);
  });

  test.each([
    [vllm(20, 12, 0.99), true],
    [vllm(20, 12, 0.6), false],
    [vllm(20, 0, 0.99), false],
    [vllm(20, 12), false],
    [null, false],
  ])('%#: whether requests wait for memory', (server, full) => {
    expect(kvCacheFull(server)).toBe(full);
  });
});

describe('the GPU', () => {
  test.each([
    ['memory', { smActive: 0.95, dramActive: 0.74, tensorActive: 0.1 }, 'memory-bandwidth'],
    ['compute', { smActive: 0.97, dramActive: 0.3, tensorActive: 0.62 }, 'compute'],
    ['both, memory nearer to its end', { dramActive: 0.78, tensorActive: 0.55 }, 'memory-bandwidth'],
    ['both, compute nearer to its end', { dramActive: 0.6, tensorActive: 0.8 }, 'compute'],
    ['neither', { smActive: 0.9, dramActive: 0.4, tensorActive: 0.2 }, null],
    ['nobody knows what', { utilization: 1 }, null],
  ] as const)('short of %s', (_title, parts, bound) => {
    expect(boundOf([gpu(parts)])).toBe(bound);
  });

  test('by DCGM tells what it was short of', () => {
    expect(gpuFindings(gpus(gpu({ smActive: 0.95, dramActive: 0.74, tensorActive: 0.1 })))).toEqual({
      evidence: [
        'GPU 0: SM_ACTIVE 95 %, DRAM_ACTIVE 74 %, PIPE_TENSOR_ACTIVE 10 % (mean, DCGM)',
        'GPU 0 was short of memory bandwidth: DRAM_ACTIVE hardly goes above 80 %',
      ],
      warnings: [],
      unknowns: [],
    });
  });

  test('without DCGM proves nothing by its utilization, however high', () => {
    expect(gpuFindings(gpus(gpu({ utilization: 0.97 })))).toEqual({
      evidence: [],
      warnings: [],
      unknowns: [
        'what GPU 0 was short of: that takes DCGM’s profiling counters; its utilization of 97 % does not tell',
      ],
    });
  });

  test('that is idle by its utilization is idle', () => {
    expect(gpuFindings(gpus(gpu({ utilization: 0.35 }))).evidence).toEqual([
      'GPU 0 had nothing to do in 65 % of the time',
    ]);
  });

  test('had room while requests waited, where its SMs were idle', () => {
    const idle = [gpu({ smActive: 0.31, dramActive: 0.2 })];
    const said = 'GPU 0 had room, though 9.0 requests waited for the server';
    expect(gpuFindings({ gpus: idle, server: vllm(4, 9) }).evidence).toContain(said);
    expect(gpuFindings({ gpus: idle, server: vllm(4, 0) }).evidence).not.toContain(said);
    expect(gpuFindings({ gpus: [gpu({ smActive: 0.9 })], server: vllm(4, 9) }).evidence).not.toContain(said);
  });

  test('of several the one that works hardest is told, and every one whose clocks were held down', () => {
    const held = [{ reason: 'hw-thermal-slowdown', part: 0.4 }];
    const { evidence, warnings } = gpuFindings(
      gpus(
        gpu({ smActive: 0.1 }, held),
        gpu({ smActive: 0.8, tensorActive: 0.7 }, [{ reason: 'sw-power-cap', part: 0.01 }], 1),
        gpu({ smActive: 0.2 }, null, 2),
      ),
    );
    expect(evidence).toContain('GPU 1 was short of compute: its tensor cores were busy');
    expect(warnings).toEqual(['GPU 0: clocks held down in 40 % of the time by hw-thermal-slowdown']);
  });
});

test('all together stand one after the other', () => {
  const telemetry: Telemetry = {
    ...NOTHING_SEEN,
    client: client(0.2, 1),
    server: vllm(4, 9),
    gpus: [gpu({ smActive: 0.3 })],
  };
  expect(findingsOf(telemetry, 13)).toEqual({
    evidence: [
      'client: 20 % of a core, event loop late by at most 1.0 ms (p99): it had time left',
      'vllm: 4.0 requests at work, 9.0 waiting (mean)',
      'GPU 0: SM_ACTIVE 30 % (mean, DCGM)',
      'GPU 0 had room, though 9.0 requests waited for the server',
    ],
    warnings: [],
    unknowns: [],
  });
});
