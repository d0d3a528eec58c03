/** A host whose model server is a real Ollama, which gets its model from weights in the bucket. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../../benchmark/src/contract/event';
import { StoreDouble } from '../../benchmark/src/host/aws/store.double';
import { HostLog } from '../../benchmark/src/host/log/host-log';
import { Redactor } from '../../benchmark/src/host/log/redactor';
import { modelServerOf } from '../../benchmark/src/host/model-server';
import { verify } from '../../benchmark/src/run/verify';
import { buildRunnerBundle } from '../../ops/lib/bundle';
import { DEMO_MODEL } from '../support/demo-model';
import { withEmulator } from '../support/emulator';
import { HostProcess } from '../support/host-process';
import { HostWorld } from '../support/host-world';
import { startOllama, type OllamaServer } from '../support/ollama';
import { describeWithTools } from '../support/skip';

jest.setTimeout(180_000);

const SLOTS = 2;
const MODEL = 'he300-demo';
const bytes = readFileSync(DEMO_MODEL);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const weights = { key: `models/${sha256}.gguf`, sha256 };

describeWithTools(['moto', 'ollama'], 'a host with a real Ollama', ({ ollama }) => {
  const emulator = withEmulator();
  let dir: string;
  let world: HostWorld;
  let ollamaServer: OllamaServer;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'he300-host-ollama-'));
    world = await HostWorld.make(emulator);
    ollamaServer = await startOllama(ollama, SLOTS);
  });
  afterAll(async () => {
    await ollamaServer.stop();
    await world.end();
    rmSync(dir, { recursive: true });
  });

  test('gets the same model from the same weights, however often it is made', async () => {
    const store = new StoreDouble();
    await store.put(weights.key, bytes);
    const log = new HostLog({ redactor: new Redactor(), write: () => undefined });
    const { url } = ollamaServer;
    const context = { store, log, directory: join(dir, 'weights'), apiKey: null, ownUrl: url.origin };
    const server = modelServerOf({ kind: 'ollama', slots: SLOTS, contextTokens: 4096 }, context);
    await server.probe();
    const digests: string[] = [];
    for (let i = 0; i < 3; i++) {
      await server.provide({ name: MODEL, weights }, new AbortController().signal);
      const tags = (await (await fetch(new URL('/api/tags', url))).json()) as {
        models: { digest: string }[];
      };
      digests.push(...tags.models.map(({ digest }) => digest));
      // The second time it is there already, as for a host that is started anew; the third time it is not.
      const body = JSON.stringify({ model: MODEL });
      if (i === 1) await fetch(new URL('/api/delete', url), { method: 'DELETE', body });
    }
    // Where Ollama keeps its models goes into the digest, and is the same on all hosts.
    expect(digests).toEqual(Array(3).fill(digests[0]));
  });

  test('scores it, and tells which weights these were', async () => {
    const [instance, dashboard] = [await world.instance(), await world.dashboard()];
    await world.store.put(weights.key, bytes, 'application/octet-stream');
    const { run } = world.config({});
    const host = new HostProcess({
      ...{ bundle: buildRunnerBundle(join(dir, 'he300.mjs')).path, dir: join(dir, 'disk'), instance },
      config: world.config({
        dashboardUrl: dashboard.url,
        run: { ...run, models: [{ name: MODEL, weights }], concurrency: SLOTS },
        modelServer: { kind: 'ollama', slots: SLOTS, contextTokens: 4096 },
      }),
      env: { ...world.env(instance), HE300_MODEL_SERVER_URL: ollamaServer.url.origin },
    });
    expect(await host.ended).toBe(0);
    expect(dashboard.violations).toEqual([]);
    const runId = `test-${instance.id}`;
    const { events, state } = dashboard.runs.get(runId)!;
    expect(state).toBe('COMPLETED');
    const started = events.find(
      (event): event is Extract<RunEvent, { type: 'run.started' }> => event.type === 'run.started',
    )!;
    expect(started.engine).toEqual({
      name: 'ollama',
      server: expect.stringMatching(/^ollama [\d.]+$/),
      slots: SLOTS,
    });
    expect(started.model).toMatchObject({ name: MODEL, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(verify(host.runDirectory(runId)).results.score.overall).toMatchObject({
      scenarios: 60,
      errors: 0,
    });
    expect(await world.stateOf(instance)).toBe('terminated');
  });
});
