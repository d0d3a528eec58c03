/** The page of figures that a host shows, as Prometheus's own checker reads it. */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { exampleHostConfig } from '../../benchmark/src/contract/examples';
import type { Run } from '../../benchmark/src/host/commands';
import { look } from '../../benchmark/src/host/health/look';
import { HealthServer } from '../../benchmark/src/host/health/server';
import { describeWithTools } from '../support/skip';

jest.setTimeout(60_000);

/** One GPU that tells all and one that tells little; no tunnel. */
const GPUS = '0, NVIDIA A10G, 60, 9000, 23028\n1, NVIDIA "A10G"\\x, [N/A], 1, 2\n';
const run: Run = (program) =>
  Promise.resolve(
    program === 'nvidia-smi'
      ? { code: 0, stdout: GPUS, stderr: '' }
      : { code: 1, stdout: '', stderr: 'no such device' },
  );

describeWithTools(['promtool'], 'promtool', ({ promtool }) => {
  const check = (text: string) => {
    const { status, stderr } = spawnSync(promtool.path, ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    return { code: status, said: stderr };
  };

  test('finds nothing to blame in the page of a host', async () => {
    const server = new HealthServer({
      port: 0,
      look: () =>
        look({ config: exampleHostConfig, state: tmpdir(), env: {}, ownUrl: 'http://127.0.0.1:1', run }),
      gauges: () => [{ name: 'phase', help: 'The phase.', value: 1, labels: { phase: 'run' } }],
    });
    try {
      const url = `http://127.0.0.1:${await server.listen('127.0.0.1')}/metrics`;
      const page = await (await fetch(url)).text();
      expect(page).toContain('he300_gpu_temperature_celsius');
      expect(check(page)).toEqual({ code: 0, said: '' });
    } finally {
      server.close();
    }
  });

  test('and would, were it not so', () => {
    expect(check('he300_phase{phase="run} 1\n').code).not.toBe(0);
  });
});
