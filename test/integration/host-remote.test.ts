/**
 * The remote topology, lived by two supervisors on two machines: each makes its key at its boot, finds the other by what that
 * one published, and the runner drives the other's model server through the tunnel and past its firewall.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODEL_SERVER_PORTS, type HostConfig } from '../../benchmark/src/contract/host-config';
import { modelDouble, type ModelDouble } from '../../benchmark/src/engines/model-double';
import { verify } from '../../benchmark/src/run/verify';
import { buildRunnerBundle } from '../../ops/lib/bundle';
import { firewallRules } from '../../userdata/firewall';
import { withEmulator } from '../support/emulator';
import { gate, type Gate } from '../support/gate';
import { HostProcess } from '../support/host-process';
import { HostWorld, type Instance } from '../support/host-world';
import { namespacesMissing, THIS_MACHINE, wire, type Machine, type Wire } from '../support/netns';
import { describeWithTools, skipped } from '../support/skip';

jest.setTimeout(60_000);

const [RUNNER, GPU_HOST] = ['10.0.0.1', '10.0.0.2'];
const tunnel = (address: string, peer: string): HostConfig['network'] => ({
  ...{ kind: 'wireguard', address, prefixLength: 24, listenPort: 51_820, keepaliveSeconds: 25 },
  peers: [{ name: 'other-end', address: peer, publicKey: null, endpoint: null }],
});

const missing = namespacesMissing();
if (missing !== undefined) skipped('two hosts of one run', missing);
else
  describeWithTools(['moto', 'wg', 'nft'], 'two hosts of one run', ({ nft }) => {
    const emulator = withEmulator();
    let dir: string;
    let bundle: string;
    let net: Wire;
    let world: HostWorld;
    let model: ModelDouble;
    const doors: Gate[] = [];
    const processes: ChildProcess[] = [];
    const hosts: HostProcess[] = [];

    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'he300-remote-'));
      bundle = buildRunnerBundle(join(dir, 'he300.mjs')).path;
      net = wire(['runner', 'gpu'], true);
      world = await HostWorld.make(emulator);
      model = await modelDouble({ slots: 4, answerMs: 10 });
    });
    afterAll(async () => {
      for (const host of hosts) await host.lose();
      for (const child of processes) child.kill('SIGKILL');
      net.remove();
      for (const door of doors) await door.close();
      await world.end();
      await model.close();
      rmSync(dir, { recursive: true });
    });

    /** Address on the wire of a server of this machine. */
    async function onTheWire(url: string): Promise<string> {
      const door = await gate(new URL(url), THIS_MACHINE);
      doors.push(door);
      return door.url;
    }

    const inside = ({ name }: Machine): string[] => ['ip', 'netns', 'exec', name];

    async function host(machine: Machine, instance: Instance, config: HostConfig): Promise<HostProcess> {
      const rules = firewallRules({ host: config, adminCidrs: [] });
      const [program, ...args] = [...inside(machine), nft.path, '--file', '-'];
      expect(spawnSync(program!, args, { input: rules, encoding: 'utf8' }).stderr).toBe('');
      const env = {
        AWS_ENDPOINT_URL: await onTheWire(emulator.endpoint),
        AWS_EC2_METADATA_SERVICE_ENDPOINT: await onTheWire(instance.imds.url),
      };
      // The control sockets of wireguard-go bear the interface's name, and stand in one directory for all namespaces.
      const ownSockets = 'mkdir -p /run/wireguard && mount -t tmpfs tmpfs /run/wireguard && exec "$@"';
      const through = [...inside(machine), 'sh', '-c', ownSockets, 'sh'];
      const started = new HostProcess({
        bundle,
        dir: join(dir, machine.name),
        instance,
        config,
        env,
        through,
      });
      hosts.push(started);
      return started;
    }

    test('score through the tunnel, which carries nothing else, and both end', async () => {
      const [runnerMachine, gpuMachine] = net.machines as [Machine, Machine];
      const [runner, gpu] = [
        await world.instance(runnerMachine.address),
        await world.instance(gpuMachine.address),
      ];
      const dashboard = await world.dashboard();
      const port = MODEL_SERVER_PORTS.vllm;
      // The model server of the GPU host.
      const { hostname, port: behind } = new URL(await onTheWire(model.url.origin));
      const script = `require('net').createServer((a) => { const b = require('net').connect(${behind}, '${hostname}');
        a.pipe(b).pipe(a); a.on('error', () => b.destroy()); b.on('error', () => a.destroy()); }).listen(${port}, '0.0.0.0');`;
      const [program, ...args] = [...inside(gpuMachine), process.execPath, '-e', script];
      processes.push(spawn(program!, args, { stdio: 'inherit' }));

      const dashboardUrl = await onTheWire(dashboard.url);
      const server = await host(
        gpuMachine,
        gpu,
        world.config({ topology: 'remote-server', network: tunnel(GPU_HOST, RUNNER), dashboardUrl }),
      );
      const client = await host(
        runnerMachine,
        runner,
        world.config({
          ...{ topology: 'remote-runner', network: tunnel(RUNNER, GPU_HOST), dashboardUrl },
          modelServer: { kind: 'external', engine: 'openai', url: `http://${GPU_HOST}:${port}` },
        }),
      );
      expect(await client.ended).toBe(0);
      const runId = `test-${runner.id}`;
      expect(verify(client.runDirectory(runId)).results.score.overall.scenarios).toBe(60);
      expect(dashboard.violations).toEqual([]);
      expect([...dashboard.runs.keys()]).toEqual([runId]);
      expect(dashboard.runs.get(runId)!.state).toBe('COMPLETED');
      expect(await world.stateOf(runner)).toBe('terminated');

      // From the wire the model server cannot be reached.
      const probe = `require('net').connect({host:'${gpuMachine.address}',port:${port},timeout:1500}).on('connect',()=>console.log('in')).on('timeout',function(){this.destroy();console.log('out')}).on('error',()=>console.log('out')).on('connect',function(){this.destroy()})`;
      const [node, ...asked] = [...inside(runnerMachine), process.execPath, '-e', probe];
      expect(spawnSync(node!, asked, { encoding: 'utf8' }).stdout).toBe('out\n');

      expect(server.lines.at(-1)).toMatchObject({ phase: 'run' });
      server.tellToStop();
      expect(await server.ended).toBe(0);
      expect(await world.stateOf(gpu)).toBe('terminated');
      expect(await world.store.get(`runs/test-${gpu.id}/ended.json`)).toBeDefined();

      const published = (await world.store.get(`runs/${runId}/wireguard.pub`))!.toString().trim();
      expect(published).toMatch(/^[A-Za-z0-9+/]{43}=$/);
      for (const { journal, state } of [client, server])
        expect(journal).not.toContain(readFileSync(join(state, 'tunnel', 'key'), 'utf8').trim());
    }, 120_000);
  });
