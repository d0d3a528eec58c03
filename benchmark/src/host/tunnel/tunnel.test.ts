import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ran, Run } from '../commands';
import { HostLog } from '../log/host-log';
import { Redactor } from '../log/redactor';
import { Secret } from '../log/secret';
import { tunnelKeyIn } from './keys';
import { Tunnel, type PeerFacts } from './tunnel';
import { renderWgConfig } from './wg-config';
import { WgInterface } from './wg-interface';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-tunnel-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const ok = (stdout = ''): Ran => ({ code: 0, stdout, stderr: '' });
const no = (stderr: string): Ran => ({ code: 1, stdout: '', stderr });

describe('the key', () => {
  test('is made once, readable by its owner only, and nothing else is left of its making', () => {
    const redactor = new Redactor();
    const path = join(dir, 'tunnel/key');
    const key = tunnelKeyIn(path, redactor);
    expect(tunnelKeyIn(path, redactor)).toEqual(key);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'tunnel')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(dir, 'tunnel'))).toEqual(['key']);
    expect(redactor.redact(readFileSync(path, 'utf8'))).toBe('[secret]\n');
  });

  test('in a file that holds something else is refused', () => {
    writeFileSync(join(dir, 'key'), 'hello');
    expect(() => tunnelKeyIn(join(dir, 'key'), new Redactor())).toThrow(
      `tunnel: ${join(dir, 'key')} holds no private key`,
    );
  });
});

test('the configuration is what wg reads', () => {
  const peers = [
    { publicKey: 'A=', address: '10.0.0.1', endpoint: 'runner.example.org:51820' },
    { publicKey: 'B=', address: null, endpoint: null },
  ];
  const config = { privateKey: new Secret('P='), listenPort: 51820, keepaliveSeconds: 25, peers };
  expect(renderWgConfig(config)).toBe(
    [
      ...['[Interface]', 'PrivateKey = P=', 'ListenPort = 51820', ''],
      ...['[Peer]', 'PublicKey = A=', 'AllowedIPs = 10.0.0.1/32', 'Endpoint = runner.example.org:51820'],
      ...['PersistentKeepalive = 25', '', '[Peer]', 'PublicKey = B=', 'PersistentKeepalive = 25', ''],
    ].join('\n'),
  );
});

describe('the interface', () => {
  const asked: string[] = [];
  beforeEach(() => void asked.splice(0));
  const running =
    (answers: Readonly<Record<string, Ran>>): Run =>
    (program, ...args) => {
      const call = [program, ...args].join(' ');
      asked.push(call);
      const found = Object.entries(answers).find(([start]) => call.startsWith(start));
      return Promise.resolve(found?.[1] ?? ok());
    };
  const wg = (answers: Readonly<Record<string, Ran>>) =>
    new WgInterface({ name: 'he300', run: running(answers), directory: join(dir, 'wg') });

  test('is made by the kernel where it can', async () => {
    await wg({ 'ip link show': no('') }).up('10.0.0.2', 24);
    expect(asked).toEqual([
      'ip link show dev he300',
      'ip link add dev he300 type wireguard',
      'ip address replace 10.0.0.2/24 dev he300',
      'ip link set dev he300 mtu 1420 up',
    ]);
  });

  test('is made by wireguard-go where the kernel has no module, and by nobody in one line', async () => {
    const answers = { 'ip link show': no(''), 'ip link add': no('Error: Unknown device type.\n') };
    await wg(answers).up('10.0.0.2', 24);
    expect(asked).toContain('wireguard-go he300');
    await expect(
      wg({ ...answers, 'wireguard-go': { code: null, stdout: '', stderr: 'spawn wireguard-go ENOENT' } }).up(
        '10.0.0.2',
        24,
      ),
    ).rejects.toThrow(
      'tunnel: neither the kernel nor wireguard-go makes he300: Error: Unknown device type.; spawn wireguard-go ENOENT',
    );
  });

  test('reads its configuration from a file of the owner that is gone afterwards, also when it is refused', async () => {
    const config = { privateKey: new Secret('P='), listenPort: 1, keepaliveSeconds: 1, peers: [] };
    let seen = '';
    const run: Run = (_wg, _syncconf, _name, path) => {
      seen = `${(statSync(path!).mode & 0o777).toString(8)} ${readFileSync(path!, 'utf8')}`;
      return Promise.resolve(no('Unable to modify interface: No such device'));
    };
    const refused = new WgInterface({ name: 'he300', run, directory: join(dir, 'wg') });
    await expect(refused.configure(config)).rejects.toThrow(
      /^wg syncconf he300 .*: Unable to modify interface/,
    );
    expect(seen).toMatch(/^600 \[Interface\]\nPrivateKey = P=\n/);
    expect(existsSync(join(dir, 'wg', 'he300.conf'))).toBe(false);
  });

  test('tells when it last heard of each peer', async () => {
    const seconds = 1_781_697_600;
    const told = wg({ 'wg show': ok(`A=\t${seconds}\nB=\t0\n`) });
    expect(await told.handshakes()).toEqual(
      new Map([
        ['A=', new Date(seconds * 1000)],
        ['B=', null],
      ]),
    );
  });
});

describe('the tunnel', () => {
  /** A device that remembers its configuration, and handshakes that the test decides on. */
  function device() {
    const handshakes = new Map<string, Date | null>();
    let config: Parameters<WgInterface['configure']>[0] | undefined;
    const wg = {
      up: () => Promise.resolve(),
      configure: (next: typeof config) => Promise.resolve(void (config = next)),
      handshakes: () => Promise.resolve(new Map(handshakes)),
    } as unknown as WgInterface;
    return { wg, handshakes, config: () => config! };
  }
  const log = new HostLog({ redactor: new Redactor(), write: () => undefined });
  const key = (text: string) => ({ privateKey: new Secret(text), publicKey: `${text}.pub` });
  const tunnelTo = (wg: WgInterface, facts: () => PeerFacts) =>
    new Tunnel({
      ...{ wg, log, address: '10.0.0.2', prefixLength: 24, listenPort: 51820, keepaliveSeconds: 25 },
      ...{ key: key('own'), lookMs: 1, askMs: 1, knock: () => undefined },
      peers: [{ name: 'runner', address: '10.0.0.1', facts: () => Promise.resolve(facts()) }],
    });
  const holders = (device_: ReturnType<typeof device>) =>
    device_.config().peers.map(({ publicKey, address }) => [publicKey, address]);

  test('is not connected until every peer has proved itself, and says who has not', async () => {
    const { wg } = device();
    const tunnel = tunnelTo(wg, () => ({ publicKeys: ['A='], endpoint: null }));
    await tunnel.up();
    await expect(tunnel.connected(AbortSignal.timeout(20))).rejects.toThrow(
      'tunnel: no handshake with runner',
    );
  });

  test('waits for a peer whose key nobody knows yet', async () => {
    const made = device();
    let publicKeys: string[] = [];
    const tunnel = tunnelTo(made.wg, () => ({ publicKeys, endpoint: null }));
    await tunnel.up();
    expect(made.config().peers).toEqual([]);
    const connected = tunnel.connected(new AbortController().signal);
    publicKeys = ['A='];
    made.handshakes.set('A=', new Date());
    await connected;
    expect(holders(made)).toEqual([['A=', '10.0.0.1']]);
  });

  test('a peer that changes its key has the address under the key that it proved last', async () => {
    const made = device();
    let publicKeys = ['A='];
    const tunnel = tunnelTo(made.wg, () => ({ publicKeys, endpoint: null }));
    await tunnel.up();
    made.handshakes.set('A=', new Date(1_000));
    const ended = new AbortController();
    const kept = tunnel.keep(ended.signal);
    publicKeys = ['A=', 'B='];
    await until(() => made.config().peers.length === 2);
    expect(holders(made)).toEqual([
      ['A=', '10.0.0.1'],
      ['B=', null],
    ]);
    made.handshakes.set('B=', new Date(2_000));
    await until(() => made.config().peers[1]!.address !== null);
    expect(holders(made)).toEqual([
      ['A=', null],
      ['B=', '10.0.0.1'],
    ]);
    // It went back.
    made.handshakes.set('A=', new Date(3_000));
    await until(() => made.config().peers[0]!.address !== null);
    publicKeys = ['A='];
    await until(() => made.config().peers.length === 1);
    ended.abort();
    await kept;
  });

  test('takes its own old key back when nobody answers to the new one', async () => {
    const made = device();
    const tunnel = tunnelTo(made.wg, () => ({ publicKeys: ['A='], endpoint: null }));
    await tunnel.up();
    made.handshakes.set('A=', new Date(1_000));
    expect(await tunnel.changeKey(key('next'), AbortSignal.timeout(20))).toBe(false);
    expect([made.config().privateKey.reveal(), tunnel.publicKey]).toEqual(['own', 'own.pub']);
    const changed = tunnel.changeKey(key('next'), new AbortController().signal);
    await until(() => made.config().privateKey.reveal() === 'next');
    made.handshakes.set('A=', new Date(2_000));
    expect(await changed).toBe(true);
    expect(tunnel.publicKey).toBe('next.pub');
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
