/**
 * The sentence that the project serves, lived by a real machine: a deploy brings up a host that boots, measures, scores,
 * reports, and takes itself down. Its user data is what the emulated EC2 stores after a real apply.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HOST_SECRETS } from '../../benchmark/src/contract/host-config';
import { artifactKey, runPrefix, tunnelAddressKey } from '../../benchmark/src/host/continuity/layout';
import { FILES } from '../../benchmark/src/run/directory';
import { verify, type Verified } from '../../benchmark/src/run/verify';
import { FIXED_ADDRESSES, GPU_HOST_PEER } from '../../constructs/wireguard/allocation';
import { DEMO_MODEL } from '../support/demo-model';
import { withEmulator } from '../support/emulator';
import { namespacesMissing } from '../support/netns';
import { createModel, startOllama, type OllamaServer } from '../support/ollama';
import { receiverDouble, type ReceivedRun, type ReceiverDouble } from '../support/receiver.double';
import { skipped } from '../support/skip';
import { Deployment, type BootedHost } from '../support/vm/deployment';
import { bootedEnvironment, MODEL, PEER_ADDRESS, throughTunnel } from '../support/vm/environment';
import { hostLines } from '../support/vm/host-log';
import { TunnelPeer } from '../support/vm/peer';
import { canaries, type Canaries } from '../support/vm/secrets';
import { describeWithVm } from '../support/vm/suite';
import { lifeTable } from '../support/vm/timing';

const BOOT_LIMIT_MS = 15 * 60_000;
const HOST_ADDRESS = FIXED_ADDRESSES[GPU_HOST_PEER]!;
const HOST_KEY = '/var/lib/he300/tunnel/key';

jest.setTimeout(60_000);

describeWithVm(
  ['terraform', 'moto', 'ollama', 'wg'],
  'a host that boots what was deployed',
  (boot, tools) => {
    const missing = namespacesMissing();
    if (missing !== undefined) return skipped('it lives its life', missing);
    const emulator = withEmulator();
    let secrets: Canaries;
    let receiver: ReceiverDouble;
    let ollama: OllamaServer;
    let peer: TunnelPeer;
    let deployment: Deployment;
    let host: BootedHost;
    let hostKey: string;
    let run: ReceivedRun;

    beforeAll(async () => {
      secrets = canaries();
      receiver = await receiverDouble(secrets);
      ollama = await startOllama(tools.ollama, 4);
      createModel(tools.ollama, ollama, MODEL, DEMO_MODEL);
      peer = new TunnelPeer();
      await peer.up(`${PEER_ADDRESS}/24`);
      const serverUrl = await throughTunnel(peer, ollama.url);
      const environment = bootedEnvironment({
        dashboardUrl: receiver.url,
        engine: 'ollama',
        serverUrl,
        peer,
      });
      deployment = new Deployment(environment, emulator);
      await deployment.platform({
        [HOST_SECRETS.webhookKey]: secrets.webhookKey,
        [HOST_SECRETS.dashboardToken]: secrets.dashboardToken,
        [HOST_SECRETS.modelApiKey]: secrets.modelApiKey,
      });
    }, BOOT_LIMIT_MS);
    afterAll(async () => {
      await deployment.remove();
      await peer.remove();
      await ollama.stop();
      await receiver.close();
    });

    test(
      'it is launched, boots, lives and is gone',
      async () => {
        const launched = await deployment.launch();
        const idle = boot({ instanceId: 'i-00000000000000000', userData: '#cloud-config\n{}\n' });
        const idleFinished = await idle.console.waitFor(/^Cloud-init .* finished/);
        await idle.kill();

        host = await deployment.boot(boot, launched);
        // The other end learns the key that the host has made, as its operator would.
        hostKey = await deployment.published(tunnelAddressKey(HOST_ADDRESS), 'publicKey', host.vm);
        peer.accept(hostKey, HOST_ADDRESS);
        await host.vm.off;
        run = receiver.runs.get(host.runId)!;
        process.stderr.write(lifeTable({ vm: host.vm, idleFinished, run }));
      },
      2 * BOOT_LIMIT_MS,
    );

    test('the limit is armed before anything is fetched', () => {
      const said = (pattern: RegExp): number => host.vm.console.find(pattern)!.seconds;
      expect(said(/Started he300-limit\.timer/)).toBeLessThan(said(/^fetch-bundle: /));
    });

    test('the bundle comes from the bucket, by its hash', () => {
      expect(
        host.vm.console.find(/^fetch-bundle: fetched bundles\/[0-9a-f]{64}\.mjs, .* as agreed$/),
      ).toBeDefined();
    });

    test('every phase is done, once', () => {
      const lines = hostLines(host.vm.console);
      const done = lines.filter(({ message }) => message === 'phase is done').map(({ phase }) => phase);
      expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
      expect(done).toEqual(
        expect.arrayContaining([
          'arm',
          'identity',
          'secrets',
          'tunnel',
          'model-server',
          'preflight',
          'run',
          'report',
        ]),
      );
      expect(new Set(done).size).toBe(done.length);
    });

    test('the dashboard has the whole run, told by the run itself', () => {
      expect(receiver.violations).toEqual([]);
      expect(run.state).toBe('COMPLETED');
      expect(run.events.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['run.started', 'run.completed']),
      );
      const seqs = run.events.map(({ seq }) => seq);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    });

    test('the result is signed, whole, and the same at the dashboard and in the bucket', async () => {
      const { results, publicKey } = verified();
      expect(results.partial).toBeNull();
      expect(publicKey).toBe(run.publicKey);
      const completed = run.events.at(-1)!;
      expect(completed).toMatchObject({ resultsSha256: run.artifacts.get(FILES.results)!.sha256 });
      for (const [name, { body }] of run.artifacts)
        expect(await deployment.object(artifactKey(host.runId, name))).toEqual(body);
    });

    test('every scenario of the starter pack is scored once, through the tunnel', () => {
      const { results, samples } = verified();
      const scored = samples!.filter(({ pass }) => pass === 'scored').map(({ index }) => index);
      expect(scored.sort((a, b) => a - b)).toEqual([...Array(results.suite.scenarios).keys()]);
      expect(peer.bytesFrom(hostKey)).toBeGreaterThan(1_000);
    });

    test('the host has ended itself in the cloud, and said for the reaper that the run is over', async () => {
      expect(await deployment.stateOf(host)).toBe('terminated');
      expect(await deployment.object(`${runPrefix(host.runId)}ended.json`)).toBeDefined();
    });

    test('no secret is where it does not belong', async () => {
      const events = JSON.stringify(run.events);
      const artifacts = [...run.artifacts.values()].map(({ body }) => body.toString('latin1'));
      const bucket = await deployment.everything();
      const places = {
        'user data': gunzipSync(host.userData).toString(),
        Terraform: deployment.terraformTexts().join('\n'),
        journal: host.vm.console.lines.map(({ text }) => text).join('\n'),
        console: host.vm.serial(),
        events,
        artifacts: artifacts.join('\n'),
        bucket,
      };
      for (const [place, text] of Object.entries(places))
        expect([place, secrets.foundIn(text)]).toEqual([place, []]);
      expect(host.vm.disk.found(secrets.all)).toEqual([]);
      const privateKey = host.vm.disk.read(HOST_KEY).toString().trim();
      expect(privateKey).toMatch(/^[A-Za-z0-9+/]{43}=$/);
      for (const [place, text] of Object.entries(places))
        expect([place, text.includes(privateKey)]).toEqual([place, false]);
    });

    /** What the dashboard holds, checked by the project's own `he300 verify`. */
    function verified(): Verified {
      const dir = mkdtempSync(join(tmpdir(), 'he300-verify-'));
      try {
        for (const name of [FILES.results, FILES.samples])
          writeFileSync(join(dir, name), run.artifacts.get(name)!.body);
        return verify(dir);
      } finally {
        rmSync(dir, { recursive: true });
      }
    }
  },
);
