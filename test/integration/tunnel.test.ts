/** Two real ends of a tunnel, made by the host's own code, on machines that share nothing but a wire; and a third that lies. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TunnelKey } from '../../benchmark/src/host/tunnel/keys';
import { buildRunnerBundle } from '../../ops/lib/bundle';
import { until } from '../support/cloud';
import { namespacesMissing, wire, type Machine, type Wire } from '../support/netns';
import { describeWithTools, skipped } from '../support/skip';
import {
  KEEPALIVE_DATAGRAMS,
  KEEPALIVE_SECONDS,
  lostOf,
  on,
  TUNNEL_PORT,
  TunnelEnds,
  type End,
} from '../support/tunnel-ends';

const [RUNNER, GPU_HOST] = ['10.0.0.1', '10.0.0.2'];

const missing = namespacesMissing();
if (missing !== undefined) skipped('two ends of a tunnel', missing);
else
  describeWithTools(['wg'], 'two ends of a tunnel', ({ wg: { path: wg } }) => {
    let dir: string;
    let net: Wire;
    let ends: TunnelEnds;

    beforeAll(() => {
      dir = mkdtempSync(join(tmpdir(), 'he300-tunnel-'));
      net = wire(['runner', 'gpu', 'liar', 'person', 'host']);
      ends = new TunnelEnds(dir);
    });
    afterAll(async () => {
      await ends.close();
      net.remove();
      rmSync(dir, { recursive: true });
    });

    const key = (name: string): TunnelKey => ends.key(name);

    const acceptedOfRunner: string[] = [];
    let runner: End;
    let gpu: End;
    let heard: { readonly lines: readonly string[] };

    test('keys are those that wg itself would derive', () => {
      const { publicKey } = key('runner-key');
      const derived = execFileSync(wg, ['pubkey'], { input: readFileSync(join(dir, 'runner-key')) });
      expect(derived.toString().trim()).toBe(publicKey);
    });

    test('prove themselves to each other, and traffic passes', async () => {
      const [runnerMachine, gpuMachine] = net.machines as [Machine, Machine, Machine];
      acceptedOfRunner.push(key('runner-key').publicKey);
      runner = ends.end(runnerMachine, RUNNER, key('runner-key'), {
        ...{ address: GPU_HOST, at: gpuMachine, keys: () => [key('gpu-key').publicKey] },
      });
      gpu = ends.end(gpuMachine, GPU_HOST, key('gpu-key'), {
        ...{ address: RUNNER, at: runnerMachine, keys: () => acceptedOfRunner },
      });
      await runner.tunnel.up();
      await gpu.tunnel.up();
      const patience = AbortSignal.timeout(30_000);
      await Promise.all([runner.tunnel.connected(patience), gpu.tunnel.connected(patience)]);
      ends.keep(runner);
      ends.keep(gpu);

      heard = ends.listen(gpuMachine, '0.0.0.0');
      await until(() => heard.lines.includes('ready'), 'a listener in the tunnel');
      ends.stream(runnerMachine, GPU_HOST);
      await until(() => heard.lines.length > 20, 'datagrams through the tunnel');
      const [age] = [...(await gpu.tunnel.handshakeAges()).values()];
      expect(age).toEqual(expect.any(Number));
    }, 60_000);

    test('one of them changes its key, and no more is lost than one keepalive', async () => {
      const next = key('runner-key-2');
      acceptedOfRunner.push(next.publicKey);
      await until(async () => (await gpu.wg.handshakes()).has(next.publicKey), 'the next key to be accepted');
      expect(await runner.tunnel.changeKey(next, AbortSignal.timeout(30_000))).toBe(true);
      const changedAt = heard.lines.length;
      await until(() => heard.lines.length > changedAt + 20, 'the stream under the new key');
      acceptedOfRunner.shift();
      await until(async () => (await gpu.wg.handshakes()).size === 1, 'the old key to be forgotten');
      const before = heard.lines.length;
      await until(() => heard.lines.length > before + 20, 'the stream without the old key');

      const lost = lostOf(heard.lines);
      process.stderr.write(`tunnel: ${lost} datagrams lost while a key was changed\n`);
      expect(lost).toBeLessThanOrEqual(KEEPALIVE_DATAGRAMS);
    }, 90_000);

    test('a third with a key that nobody knows gets nothing, and disturbs nobody', async () => {
      const [, gpuMachine, liarMachine] = net.machines as [Machine, Machine, Machine];
      const liar = ends.end(liarMachine, '10.0.0.3', key('liar-key'), {
        ...{ address: GPU_HOST, at: gpuMachine, keys: () => [key('gpu-key').publicKey] },
      });
      await liar.tunnel.up();
      ends.stream(liarMachine, GPU_HOST);
      const transfer = async (): Promise<number[]> => {
        const { stdout } = await liar.run('wg', 'show', liarMachine.name, 'transfer');
        return stdout.trim().split('\t').slice(1).map(Number);
      };
      const INITIATION_BYTES = 148;
      await until(async () => (await transfer())[1]! >= 2 * INITIATION_BYTES, 'two tries of the liar');
      expect((await transfer())[0]).toBe(0);
      await expect(liar.tunnel.connected(AbortSignal.abort())).rejects.toThrow('tunnel: no handshake with');
      expect((await gpu.wg.handshakes()).size).toBe(1);
      const before = heard.lines.length;
      await until(() => heard.lines.length > before + 20, 'the stream of the one who is known');
      expect(heard.lines.filter((line) => line.startsWith('liar'))).toEqual([]);
    }, 90_000);

    test('a person’s machine is an end by commands, and changes its key by them', async () => {
      const [personMachine, hostMachine] = net.machines.slice(3) as [Machine, Machine];
      const bundle = buildRunnerBundle(join(dir, 'he300.mjs')).path;
      const state = join(dir, 'person');
      /** @returns its code, and what it printed */
      const he300 = async (...argv: readonly string[]): Promise<[number | null, string]> => {
        const { code, stdout, stderr } = await on(personMachine)(process.execPath, bundle, 'tunnel', ...argv);
        return [code, stdout || stderr];
      };
      const accepted = [(await he300('key', '--state', state))[1].trim()];
      const host = ends.end(hostMachine, GPU_HOST, key('host-key'), {
        ...{ address: RUNNER, at: personMachine, keys: () => accepted },
      });
      await host.tunnel.up();
      ends.keep(host);
      const config = join(dir, 'tunnel.json');
      const peers = [
        {
          ...{ name: 'gpu-host', address: GPU_HOST, endpoint: `${hostMachine.address}:${TUNNEL_PORT}` },
          publicKey: key('host-key').publicKey,
        },
      ];
      const network = { kind: 'wireguard', address: RUNNER, prefixLength: 24, listenPort: TUNNEL_PORT };
      writeFileSync(config, JSON.stringify({ ...network, keepaliveSeconds: KEEPALIVE_SECONDS, peers }));
      const asked = [config, '--state', state, '--interface', personMachine.name];

      expect(await he300('rotate', ...asked)).toEqual([
        1,
        'he300: tunnel: there is no next key; allowed: he300 tunnel next-key first\n',
      ]);
      expect(await he300('up', ...asked, '--patience', '30')).toEqual([0, '']);
      const next = (await he300('next-key', '--state', state))[1].trim();
      const [code, said] = await he300('rotate', ...asked, '--patience', '3');
      expect([code, said.split('\n').at(-2)]).toEqual([
        1,
        'he300: tunnel: no peer answers to the next key, so the one so far holds; let them accept it first',
      ]);
      expect(await he300('up', ...asked, '--patience', '30')).toEqual([0, '']);
      accepted.push(next);
      await until(async () => (await host.wg.handshakes()).has(next), 'the next key to be accepted');
      expect(await he300('rotate', ...asked, '--patience', '30')).toEqual([0, '']);
      expect((await he300('key', '--state', state))[1].trim()).toBe(next);
      accepted.shift();
      expect(await he300('up', ...asked, '--patience', '30')).toEqual([0, '']);
      expect(await he300('down', '--state', state, '--interface', personMachine.name)).toEqual([0, '']);
    }, 120_000);

    test('no private key was said', () => {
      for (const name of ['runner-key', 'runner-key-2', 'gpu-key', 'liar-key'])
        expect(ends.lines.join('')).not.toContain(readFileSync(join(dir, name), 'utf8').trim());
    });
  });
