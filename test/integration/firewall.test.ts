/** The rules of a host, loaded by nftables into a machine of their own, and tried from both sides. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { HEALTH_PORT, MODEL_SERVER_PORTS, TUNNEL_INTERFACE } from '@he300/benchmark/contract';
import { firewallRules } from '../../userdata/firewall';
import { HOST_VARIANTS, hostVariants } from '../support/host-variants';
import { namespacesMissing, wire, type Machine, type Wire } from '../support/netns';
import { until } from '../support/cloud';
import { describeWithTools, skipped } from '../support/skip';

jest.setTimeout(120_000);

const { ollama: MODEL } = MODEL_SERVER_PORTS;
const OTHER = 4711;
const SSH = 22;
/** Of the machines in the tunnel, which here is a second wire: what matters to the rules is its name. */
const [HOST_INSIDE, PEER_INSIDE] = ['10.0.0.2', '10.0.0.1'];

/** Programs of the machines, for Node: one that answers on all these ports, and one that tries a port. */
const listen = (ports: readonly number[]): string =>
  `for (const port of ${JSON.stringify(ports)})
    require('node:net').createServer((socket) => socket.on('error', () => {}).end('hello')).listen(port, '0.0.0.0')`;
const CONNECT = `const [host, port] = process.argv.slice(1);
  const socket = require('node:net').connect({ host, port: Number(port), timeout: 1000 });
  const end = (code) => process.exit(code);
  socket.on('data', () => end(0)).on('timeout', () => end(1)).on('error', () => end(1));`;

const missing = namespacesMissing();
if (missing !== undefined) skipped('the firewall', missing);
else
  describeWithTools(['nft'], 'the firewall', ({ nft }) => {
    let net: Wire;
    let host: Machine;
    let peer: Machine;
    /** Stands beside the host in the cloud's network; the peer knows it only through the tunnel. */
    let neighbour: Machine;
    const servers: ChildProcess[] = [];

    const inside = ({ name }: Machine, ...command: readonly string[]) =>
      spawnSync('ip', ['netns', 'exec', name, ...command], { encoding: 'utf8', timeout: 10_000 });
    const must = (machine: Machine, ...command: readonly string[]): void => {
      const { status, stderr } = inside(machine, ...command);
      if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
    };

    beforeAll(async () => {
      net = wire(['host', 'peer', 'nextdoor']);
      [host, peer, neighbour] = net.machines as [Machine, Machine, Machine];
      must(
        host,
        'ip',
        'link',
        'add',
        TUNNEL_INTERFACE,
        'type',
        'veth',
        'peer',
        'name',
        'inside',
        'netns',
        peer.name,
      );
      must(host, 'ip', 'address', 'add', `${HOST_INSIDE}/24`, 'dev', TUNNEL_INTERFACE);
      must(host, 'ip', 'link', 'set', TUNNEL_INTERFACE, 'up');
      must(peer, 'ip', 'address', 'add', `${PEER_INSIDE}/24`, 'dev', 'inside');
      must(peer, 'ip', 'link', 'set', 'inside', 'up');
      must(host, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
      must(peer, 'ip', 'route', 'add', `${neighbour.address}/32`, 'via', HOST_INSIDE);
      must(neighbour, 'ip', 'route', 'add', '10.0.0.0/24', 'via', host.address);
      serve(host, [MODEL, HEALTH_PORT, OTHER, SSH, 80, 443]);
      serve(neighbour, [OTHER]);
      await until(() => reaches(host, '127.0.0.1', OTHER), 'the servers');
    });
    afterAll(() => {
      for (const server of servers) server.kill('SIGKILL');
      net?.remove();
    });

    const serve = ({ name }: Machine, ports: readonly number[]): void =>
      void servers.push(spawn('ip', ['netns', 'exec', name, process.execPath, '-e', listen(ports)]));
    const reaches = (from: Machine, address: string, port: number): boolean =>
      inside(from, process.execPath, '-e', CONNECT, address, String(port)).status === 0;

    function load(variant: string): void {
      const { host: config, adminCidrs } = HOST_VARIANTS[variant]!;
      const input = firewallRules({ host: config, adminCidrs });
      const loaded = spawnSync('ip', ['netns', 'exec', host.name, nft.path, '--file', '-'], {
        input,
        encoding: 'utf8',
      });
      expect({ code: loaded.status, stderr: loaded.stderr }).toEqual({ code: 0, stderr: '' });
    }

    test('without rules everything is reached, so that what follows proves something', () => {
      for (const port of [MODEL, OTHER, SSH]) expect(reaches(peer, host.address, port)).toBe(true);
      expect(reaches(peer, neighbour.address, OTHER)).toBe(true);
    });

    test.each(
      hostVariants.filter(
        ([
          ,
          {
            host: { network },
          },
        ]) => network.kind !== 'outbound',
      ),
    )('nftables takes the rules, twice: %s', (variant) => {
      load(variant);
      load(variant);
      const rules = inside(host, nft.path, 'list', 'ruleset').stdout;
      expect(rules.match(/hook input/g)).toHaveLength(1);
    });

    describe('with a tunnel', () => {
      beforeAll(() => load('wireguard'));

      test('the model server answers on loopback and in the tunnel only', () => {
        expect(reaches(host, '127.0.0.1', MODEL)).toBe(true);
        expect(reaches(peer, HOST_INSIDE, MODEL)).toBe(true);
        expect(reaches(peer, host.address, MODEL)).toBe(false);
      });

      test('so does the health check, and nothing else answers in the tunnel', () => {
        expect(reaches(peer, HOST_INSIDE, HEALTH_PORT)).toBe(true);
        expect(reaches(peer, host.address, HEALTH_PORT)).toBe(false);
        for (const port of [OTHER, SSH, 443]) expect(reaches(peer, HOST_INSIDE, port)).toBe(false);
      });

      test('the administrator’s port is closed to those who are not listed', () => {
        expect(reaches(peer, host.address, SSH)).toBe(false);
      });

      test('an address of the tunnel that comes in by the wire gets nothing', () => {
        must(peer, 'ip', 'route', 'add', `${HOST_INSIDE}/32`, 'via', host.address);
        expect(reaches(peer, HOST_INSIDE, MODEL)).toBe(false);
        must(peer, 'ip', 'route', 'delete', `${HOST_INSIDE}/32`);
      });

      test('what comes out of the tunnel goes no further', () => {
        expect(reaches(peer, neighbour.address, OTHER)).toBe(false);
        expect(reaches(host, neighbour.address, OTHER)).toBe(true);
      });

      test('the host itself reaches whom it wants', async () => {
        serve(peer, [OTHER]);
        await until(() => reaches(host, peer.address, OTHER), 'an answer to what the host asked');
      });
    });

    describe('in direct mode', () => {
      test('HTTPS is for the allow list, the proof of the domain for everybody, and the server itself for nobody', () => {
        load('direct');
        expect(reaches(peer, host.address, 443)).toBe(false);
        expect(reaches(peer, host.address, 80)).toBe(true);
        expect(reaches(peer, host.address, MODEL)).toBe(false);
        const { host: config } = HOST_VARIANTS.direct!;
        const network = { kind: 'direct', domain: 'gpu.example.org', allow: [`${peer.address}/32`] } as const;
        const rules = firewallRules({
          host: { ...config, network: { ...network, allow: [...network.allow] } },
          adminCidrs: [],
        });
        spawnSync('ip', ['netns', 'exec', host.name, nft.path, '--file', '-'], { input: rules });
        expect(reaches(peer, host.address, 443)).toBe(true);
      });
    });

    test('rules of other programs are left alone', () => {
      must(host, nft.path, 'add', 'table', 'inet', 'others');
      load('wireguard');
      expect(inside(host, nft.path, 'list', 'tables').stdout).toContain('table inet others');
    });
  });
