/** An end of a real tunnel changes its key while something is sent through it, and the other end asks a real Vault who it is. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VAULT_PATHS } from '../../benchmark/src/contract/vault';
import { newPrivateKey, publicKeyOf } from '../../benchmark/src/host/tunnel/keys';
import { loadEnvironment } from '../../environments';
import { buildRunnerBundle } from '../../ops/lib/bundle';
import { kindOf } from '../../ops/lib/rotation/kinds';
import { wireguardKind } from '../../ops/lib/rotation/kinds/wireguard';
import { cutAtEveryRequest } from '../support/at-every-request';
import { until } from '../support/cloud';
import { namespacesMissing, wire, type Machine, type Wire } from '../support/netns';
import { withRotationWorld, type WithVault } from '../support/rotation-world';
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
const HELD = 'test-runner';
const OWN = 'laptop';
const OWN_PUBLIC_KEY = publicKeyOf(newPrivateKey());

const prod = loadEnvironment('prod') as WithVault;
const peers = [{ name: OWN, publicKey: OWN_PUBLIC_KEY }];
const env: WithVault = { ...prod, network: { ...prod.network, mode: { kind: 'wireguard', peers } } };

describeWithTools(['vault'], 'rotation of keys of the tunnel', ({ vault }) => {
  const world = withRotationWorld(vault, { env });
  const told = async (end: string): Promise<string[]> =>
    ((await world().read(VAULT_PATHS.tunnelPeer(end)))?.['public_keys'] ?? '').split(' ');
  const held = async (): Promise<string> =>
    (await world().read(VAULT_PATHS.wireguard(HELD)))!['private_key']!;
  const kind = wireguardKind(env, HELD, { byHand: false });
  const ownKind = wireguardKind(env, OWN, { byHand: true });

  async function newHeldKey(): Promise<string> {
    const key = newPrivateKey();
    await world().write(VAULT_PATHS.wireguard(HELD), { private_key: key });
    await world().write(VAULT_PATHS.tunnelPeer(HELD), { public_keys: publicKeyOf(key) });
    return key;
  }

  describe('whose private key Vault holds', () => {
    test('one that is none is told, and not said', async () => {
      await world().write(VAULT_PATHS.wireguard(HELD), { private_key: 'canary' });
      const refused = world().rotate(kind);
      await expect(refused).rejects.toThrow(
        `wireguard/${HELD}: private_key in Vault is none; allowed: 32 bytes`,
      );
      await expect(refused).rejects.not.toThrow('canary');
      await newHeldKey();
      await expect(world().rotate(kind, { value: OWN_PUBLIC_KEY })).rejects.toThrow('its value is made here');
      expect(await world().unfinished()).toEqual([]);
    });

    test('its peers have time to ask before anybody speaks under the next key, and a day until the one before is no key any more', async () => {
      const before = publicKeyOf(await newHeldKey());
      const looks: { told: string[]; held: string; next: string | undefined }[] = [];
      const wait = async (): Promise<void> => {
        const fields = (await world().read(VAULT_PATHS.wireguard(HELD)))!;
        looks.push({
          ...{ told: await told(HELD), held: publicKeyOf(fields['private_key']!) },
          next: publicKeyOf(fields['next_private_key']!),
        });
      };
      expect(await world().rotate(kind, { wait })).toMatchObject({ did: 'waits', step: 'forget' });
      const next = publicKeyOf(await held());
      expect(looks).toEqual([{ told: [before, next], held: before, next }]);
      expect(await told(HELD)).toEqual([before, next]);
      expect(Object.keys((await world().read(VAULT_PATHS.wireguard(HELD)))!)).toEqual(['private_key']);
      world().hoursPass(24);
      expect(await world().rotate(kind)).toMatchObject({ did: 'rotated' });
      expect(await told(HELD)).toEqual([next]);
    });

    test('one that has leaked is no key any more when the next is', async () => {
      await newHeldKey();
      expect(await world().rotate(kind, { leaked: true })).toMatchObject({ did: 'rotated' });
      expect(await told(HELD)).toEqual([publicKeyOf(await held())]);
    });

    test('one that somebody has written meanwhile stays', async () => {
      await newHeldKey();
      const other = newPrivateKey();
      const wait = () => world().write(VAULT_PATHS.wireguard(HELD), { private_key: other });
      await expect(world().rotate(kind, { wait })).rejects.toThrow(
        `wireguard/${HELD}: private_key in Vault is another by now; allowed: the one that is rotated`,
      );
      expect(await held()).toBe(other);
      await world().giveUp(kind);
    });

    test('cut at each of its requests to Vault, it is ended by whoever comes next, and its peers know it at any time', async () => {
      await newHeldKey();
      const cut = await cutAtEveryRequest({
        ...{ world: world(), kind },
        async consumers() {
          const before = publicKeyOf(await held());
          return {
            inOverlap: async () =>
              expect(await told(HELD)).toEqual(expect.arrayContaining([before, publicKeyOf(await held())])),
            atTheEnd: async () => {
              expect(await told(HELD)).toEqual([publicKeyOf(await held())]);
              expect(await told(HELD)).not.toEqual([before]);
            },
          };
        },
      });
      // Its record and two secrets, each read and written: both ways of hearing, both of dying.
      expect(cut).toBeGreaterThan(4 * 12);
    }, 300_000);
  });

  describe('that holds its private key itself', () => {
    const next = publicKeyOf(newPrivateKey());

    test.each([
      [
        'nothing',
        undefined,
        'its private key stays on that end; allowed: --value-file with what he300 tunnel next-key',
      ],
      ['no key', 'canary', 'the value is no public key; allowed: --value-file'],
      ['the key that it has', OWN_PUBLIC_KEY, 'the value is the key that it has; allowed: --value-file'],
    ])('brings %s: refused', async (_, value, message) => {
      await expect(world().rotate(ownKind, { value })).rejects.toThrow(`wireguard/${OWN}: ${message}`);
      expect(await world().unfinished()).toEqual([]);
    });

    test('an end that nobody knows is refused', async () => {
      await expect(
        world().rotate(wireguardKind(env, 'toaster', { byHand: true }), { value: next }),
      ).rejects.toThrow(`wireguard/toaster: no such end; allowed: ${OWN}`);
    });

    test('its peers forget the key before when it says that it speaks under the next, and not before', async () => {
      const outcome = await world().rotate(ownKind, { value: next });
      expect(outcome).toMatchObject({ did: 'waits', step: 'forget' });
      expect(await told(OWN)).toEqual([OWN_PUBLIC_KEY, next]);
      world().hoursPass(24);
      await expect(world().rotate(ownKind)).rejects.toThrow('nobody has told which key the end speaks under');
      await expect(world().rotate(ownKind, { value: OWN_PUBLIC_KEY })).rejects.toThrow(
        `wireguard/${OWN}: the end does not speak under its next key; allowed: --value-file with what he300 tunnel key prints`,
      );
      expect(await told(OWN)).toEqual([OWN_PUBLIC_KEY, next]);
      expect(await world().rotate(ownKind, { value: next })).toMatchObject({ did: 'rotated' });
      expect(await told(OWN)).toEqual([next]);
    });

    test('is told from the other kind by what Vault holds', async () => {
      const secrets = {
        list: (path: string) => Promise.resolve(path.endsWith('wireguard') ? [HELD] : [HELD, OWN]),
      };
      const of = (end: string) => kindOf(env, `wireguard/${end}`, secrets as never);
      expect([(await of(HELD)).byHand ?? false, (await of(OWN)).byHand]).toEqual([false, true]);
    });
  });

  const missing = namespacesMissing();
  if (missing !== undefined) skipped('with two ends of a tunnel', missing);
  else
    describeWithTools(['wg'], 'with two ends of a tunnel', () => {
      let dir: string;
      let net: Wire;
      let ends: TunnelEnds;
      let bundle: string;
      beforeAll(() => {
        dir = mkdtempSync(join(tmpdir(), 'he300-rotate-wg-'));
        bundle = buildRunnerBundle(join(dir, 'he300.mjs')).path;
        net = wire(['runner', 'gpu']);
        ends = new TunnelEnds(dir);
      });
      afterAll(async () => {
        await ends?.close();
        // The end that is made by commands, where the test has not come to take it down.
        for (const machine of net?.machines ?? [])
          await on(machine)('ip', 'link', 'delete', 'dev', machine.name);
        net?.remove();
        rmSync(dir, { recursive: true });
      });

      /** An end that is no host of ours: the commands that a person, or a workflow, runs there. */
      function commands(machine: Machine, host: Machine, hostKey: string) {
        const state = join(dir, 'state');
        const config = join(dir, 'tunnel.json');
        const gpuHost = { name: 'gpu-host', address: GPU_HOST, endpoint: `${host.address}:${TUNNEL_PORT}` };
        writeFileSync(
          config,
          JSON.stringify({
            ...{ kind: 'wireguard', address: RUNNER, prefixLength: 24, listenPort: TUNNEL_PORT },
            ...{ keepaliveSeconds: KEEPALIVE_SECONDS, peers: [{ ...gpuHost, publicKey: hostKey }] },
          }),
        );
        mkdirSync(state, { mode: 0o700 });
        const he300 = async (...argv: readonly string[]): Promise<[number | null, string]> => {
          const { code, stderr } = await on(machine)(process.execPath, bundle, 'tunnel', ...argv);
          return [code, stderr];
        };
        const asked = [config, '--state', state, '--interface', machine.name, '--patience', '30'];
        const put = (file: string, key: string) =>
          writeFileSync(join(state, file), `${key}\n`, { mode: 0o600 });
        return { he300, asked, put, down: () => he300('down', ...asked.slice(1, 5)) };
      }

      const knows = (host: End, key: string) => async () => (await host.wg.handshakes()).has(key);

      test('the end changes while its peers take both keys, and no more is lost than one keepalive', async () => {
        const [runnerMachine, gpuMachine] = net.machines as [Machine, Machine];
        const first = await newHeldKey();
        const host = ends.end(gpuMachine, GPU_HOST, ends.key('gpu-key'), {
          ...{ address: RUNNER, at: runnerMachine, keys: () => told(HELD) },
        });
        await host.tunnel.up();
        ends.keep(host);
        const runner = commands(runnerMachine, gpuMachine, ends.key('gpu-key').publicKey);
        runner.put('key', first);
        expect(await runner.he300('up', ...runner.asked)).toEqual([0, '']);
        const heard = ends.listen(gpuMachine, '0.0.0.0');
        await until(() => heard.lines.includes('ready'), 'a listener in the tunnel');
        ends.stream(runnerMachine, GPU_HOST);
        await until(() => heard.lines.length > 20, 'datagrams through the tunnel');

        // The settling is waited for as long as the peer needs, and then the end changes.
        const wait = async (): Promise<void> => {
          const next = (await world().read(VAULT_PATHS.wireguard(HELD)))!['next_private_key']!;
          await until(knows(host, publicKeyOf(next)), 'the next key to be accepted');
          runner.put('key.next', next);
          expect(await runner.he300('rotate', ...runner.asked)).toEqual([0, '']);
        };
        expect(await world().rotate(kind, { wait })).toMatchObject({ did: 'waits', step: 'forget' });
        const changedAt = heard.lines.length;
        await until(() => heard.lines.length > changedAt + 20, 'the stream under the next key');
        world().hoursPass(24);
        expect(await world().rotate(kind)).toMatchObject({ did: 'rotated' });
        await until(async () => !(await knows(host, publicKeyOf(first))()), 'the key before to be forgotten');
        const before = heard.lines.length;
        await until(() => heard.lines.length > before + 20, 'the stream without the key before');

        const lost = lostOf(heard.lines);
        process.stderr.write(`tunnel: ${lost} datagrams lost while Vault's key was changed\n`);
        expect(lost).toBeLessThanOrEqual(KEEPALIVE_DATAGRAMS);

        // Whoever takes the tunnel up next does so with what Vault holds.
        expect(await runner.down()).toEqual([0, '']);
        runner.put('key', await held());
        expect(await runner.he300('up', ...runner.asked)).toEqual([0, '']);
        const again = heard.lines.length;
        await until(() => heard.lines.length > again + 20, 'the stream of whoever came next');
        runner.put('key', first);
        expect(await runner.down()).toEqual([0, '']);
        const [code] = await runner.he300('up', ...runner.asked.slice(0, -1), '3');
        expect(code).toBe(1);
        expect(await runner.down()).toEqual([0, '']);
      }, 240_000);
    });

  test('no private key was said', async () => {
    expect(world().lines.join('\n')).not.toContain(await held());
  });
});
