/** Two real ends of a tunnel, made by the host's own code, on machines that share nothing but a wire; and a third that lies. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runProgram, type Run } from '../../benchmark/src/host/commands';
import { HostLog } from '../../benchmark/src/host/log/host-log';
import { Redactor } from '../../benchmark/src/host/log/redactor';
import { tunnelKeyIn, type TunnelKey } from '../../benchmark/src/host/tunnel/keys';
import { Tunnel } from '../../benchmark/src/host/tunnel/tunnel';
import { WgInterface } from '../../benchmark/src/host/tunnel/wg-interface';
import { buildRunnerBundle } from '../../ops/lib/bundle';
import { until } from '../support/cloud';
import { namespacesMissing, wire, type Machine, type Wire } from '../support/netns';
import { describeWithTools, skipped } from '../support/skip';

const KEEPALIVE_SECONDS = 5;
const PORT = 51_820;
const [RUNNER, GPU_HOST] = ['10.0.0.1', '10.0.0.2'];
/** Between two datagrams of a stream. */
const EVERY_MS = 20;

const missing = namespacesMissing();
if (missing !== undefined) skipped('two ends of a tunnel', missing);
else
  describeWithTools(['wg'], 'two ends of a tunnel', ({ wg: { path: wg } }) => {
    let dir: string;
    let net: Wire;
    const redactor = new Redactor();
    const lines: string[] = [];
    const log = new HostLog({ redactor, write: (line) => lines.push(line) });
    const processes: ChildProcess[] = [];
    const keeping = new AbortController();

    beforeAll(() => {
      dir = mkdtempSync(join(tmpdir(), 'he300-tunnel-'));
      net = wire(['runner', 'gpu', 'liar', 'person', 'host']);
    });
    afterAll(async () => {
      keeping.abort();
      for (const child of processes) child.kill('SIGKILL');
      for (const end of ends) await end.wg.down();
      net.remove();
      rmSync(dir, { recursive: true });
    });

    const key = (name: string): TunnelKey => tunnelKeyIn(join(dir, name), redactor);
    const on =
      ({ name }: Machine): Run =>
      (program, ...args) =>
        runProgram('ip', 'netns', 'exec', name, program, ...args);

    interface End {
      readonly tunnel: Tunnel;
      readonly wg: WgInterface;
      readonly run: Run;
    }
    const ends: End[] = [];

    /** @param keysOfPeer as the other end knows them now */
    function end(
      machine: Machine,
      address: string,
      own: TunnelKey,
      peer: { readonly address: string; readonly at: Machine; readonly keys: () => readonly string[] },
    ): End {
      const run = on(machine);
      // The control sockets of wireguard-go stand in one directory for all namespaces.
      const device = new WgInterface({ name: machine.name, run, directory: join(dir, 'wg') });
      const tunnel = new Tunnel({
        ...{
          wg: device,
          log,
          address,
          prefixLength: 24,
          listenPort: PORT,
          keepaliveSeconds: KEEPALIVE_SECONDS,
        },
        ...{ key: own, lookMs: 200, askMs: 400 },
        knock: (to) => void run('bash', '-c', `echo > /dev/udp/${to}/9`),
        peers: [
          {
            ...{ name: `peer of ${machine.name}`, address: peer.address },
            facts: () => Promise.resolve({ publicKeys: peer.keys(), endpoint: `${peer.at.address}:${PORT}` }),
          },
        ],
      });
      const made = { tunnel, wg: device, run };
      ends.push(made);
      return made;
    }

    /** A program on a machine that prints lines. */
    function program({ name }: Machine, script: string): { readonly lines: string[] } {
      const child = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      processes.push(child);
      const said: string[] = [];
      createInterface(child.stdout).on('line', (line) => said.push(line));
      return { lines: said };
    }

    const listen = (machine: Machine, address: string) =>
      program(
        machine,
        `const s = require('dgram').createSocket('udp4');
         s.on('message', (m) => console.log(String(m)));
         s.bind(5000, '${address}', () => console.log('ready'));`,
      );
    /** Numbered datagrams, each with the name of who sent it. */
    const stream = (machine: Machine, to: string) =>
      program(
        machine,
        `const s = require('dgram').createSocket('udp4'); let n = 0; s.on('error', () => {});
         setInterval(() => s.send('${machine.name} ' + n++, 5000, '${to}', () => {}), ${EVERY_MS});`,
      );

    const acceptedOfRunner: string[] = [];
    let runner: End;
    let gpu: End;
    let heard: { readonly lines: string[] };

    test('keys are those that wg itself would derive', () => {
      const { publicKey } = key('runner-key');
      const derived = execFileSync(wg, ['pubkey'], { input: readFileSync(join(dir, 'runner-key')) });
      expect(derived.toString().trim()).toBe(publicKey);
    });

    test('prove themselves to each other, and traffic passes', async () => {
      const [runnerMachine, gpuMachine] = net.machines as [Machine, Machine, Machine];
      acceptedOfRunner.push(key('runner-key').publicKey);
      runner = end(runnerMachine, RUNNER, key('runner-key'), {
        ...{ address: GPU_HOST, at: gpuMachine, keys: () => [key('gpu-key').publicKey] },
      });
      gpu = end(gpuMachine, GPU_HOST, key('gpu-key'), {
        ...{ address: RUNNER, at: runnerMachine, keys: () => acceptedOfRunner },
      });
      await runner.tunnel.up();
      await gpu.tunnel.up();
      const patience = AbortSignal.timeout(30_000);
      await Promise.all([runner.tunnel.connected(patience), gpu.tunnel.connected(patience)]);
      void runner.tunnel.keep(keeping.signal);
      void gpu.tunnel.keep(keeping.signal);

      heard = listen(gpuMachine, '0.0.0.0');
      await until(() => heard.lines.includes('ready'), 'a listener in the tunnel');
      stream(runnerMachine, GPU_HOST);
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

      const numbers = heard.lines.slice(1).map((line) => Number(line.split(' ')[1]));
      const gaps = numbers.slice(1).map((n, i) => n - numbers[i]! - 1);
      const lost = gaps.reduce((sum, gap) => sum + Math.max(0, gap), 0);
      process.stderr.write(
        `tunnel: ${lost} of ${numbers.length + lost} datagrams lost while a key was changed\n`,
      );
      expect(lost).toBeLessThanOrEqual((KEEPALIVE_SECONDS * 1000) / EVERY_MS);
    }, 90_000);

    test('a third with a key that nobody knows gets nothing, and disturbs nobody', async () => {
      const [, gpuMachine, liarMachine] = net.machines as [Machine, Machine, Machine];
      const liar = end(liarMachine, '10.0.0.3', key('liar-key'), {
        ...{ address: GPU_HOST, at: gpuMachine, keys: () => [key('gpu-key').publicKey] },
      });
      await liar.tunnel.up();
      stream(liarMachine, GPU_HOST);
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
      const host = end(hostMachine, GPU_HOST, key('host-key'), {
        ...{ address: RUNNER, at: personMachine, keys: () => accepted },
      });
      await host.tunnel.up();
      void host.tunnel.keep(keeping.signal);
      const config = join(dir, 'tunnel.json');
      const peers = [
        {
          ...{ name: 'gpu-host', address: GPU_HOST, endpoint: `${hostMachine.address}:${PORT}` },
          publicKey: key('host-key').publicKey,
        },
      ];
      const network = { kind: 'wireguard', address: RUNNER, prefixLength: 24, listenPort: PORT };
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
        expect(lines.join('')).not.toContain(readFileSync(join(dir, name), 'utf8').trim());
    });
  });
