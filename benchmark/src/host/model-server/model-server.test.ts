import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostConfig } from '../../contract/host-config';
import { StoreDouble } from '../aws/store.double';
import type { Run } from '../commands';
import { HostLog } from '../log/host-log';
import { Redactor } from '../log/redactor';
import { Secret } from '../log/secret';
import { modelServerOf, type ModelServer } from '.';
import { MOST_RESTARTS, ServerWatch } from './watch';

const never = new AbortController().signal;
const WEIGHTS = Buffer.from('GGUF weights');
const sha256 = createHash('sha256').update(WEIGHTS).digest('hex');
const weights = { key: `models/${sha256}.gguf`, sha256 };

let dir: string;
let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;
let asked: string[];
const store = new StoreDouble();
const log = new HostLog({ redactor: new Redactor(), write: () => undefined });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'he300-model-'));
  asked = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url}`);
      answer(request, response, Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await store.put(weights.key, WEIGHTS);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(dir, { recursive: true });
});

function serverOf(
  config: Partial<HostConfig['modelServer']> & { kind: string },
  apiKey: Secret | null = null,
): ModelServer {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const whole = { slots: 4, contextTokens: 2048, ...config } as HostConfig['modelServer'];
  return modelServerOf('url' in whole ? { ...whole, url: `${url}${whole.url}` } : whole, {
    ...{ store, log, directory: join(dir, 'models'), apiKey, ownUrl: url },
  });
}

/** An Ollama that has these models, and answers long requests with these lines. */
function ollama(models: string[], lines: readonly object[] = [{ status: 'success' }], onPull?: () => void) {
  answer = ({ url, method }, response) => {
    if (url === '/api/tags')
      response.end(JSON.stringify({ models: models.map((name) => ({ name, digest: 'd' })) }));
    else if (method === 'HEAD') response.writeHead(404).end();
    else if (url!.startsWith('/api/blobs/')) response.writeHead(201).end();
    else {
      onPull?.();
      response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    }
  };
  return serverOf({ kind: 'ollama' });
}

describe('Ollama', () => {
  test('a model that no registry has is said, and not asked for again', async () => {
    const error = 'pull model manifest: file does not exist';
    const provided = ollama([], [{ status: 'pulling manifest' }, { error }]).provide(
      { name: 'nobody', weights: null },
      never,
    );
    await expect(provided).rejects.toMatchObject({
      name: 'InputError',
      message: `model: nobody: ${error}; allowed: a model of its registry`,
    });
  });

  test.each([
    [[{ error: 'dial tcp: connection refused' }], /cannot be pulled: dial tcp/],
    [[{ status: 'downloading', completed: 1, total: 9 }], /cannot be pulled: it ended with: downloading/],
    [[], /cannot be pulled: it ended with: nothing/],
    [[{ status: 'success' }], /m is not there after it was fetched/],
  ])('a pull that breaks off may be tried again: %#', async (lines, message) => {
    const provided = ollama([], lines).provide({ name: 'm', weights: null }, never);
    await expect(provided).rejects.toMatchObject({ name: 'Error', message: expect.stringMatching(message) });
  });

  test('a model that is there is not pulled', async () => {
    expect(await ollama(['m:latest']).provide({ name: 'm', weights: null }, never)).toBe('m');
    expect(asked).toEqual(['GET /api/tags', 'GET /api/tags']);
  });

  test('a model that is not there is pulled', async () => {
    const models: string[] = [];
    const pulled = ollama(models, [{ status: 'success' }], () => models.push('m:7b'));
    expect(await pulled.provide({ name: 'm:7b', weights: null }, never)).toBe('m:7b');
    expect(asked).toContain('POST /api/pull');
  });

  test('weights of the bucket become a model, by their hash, and leave no copy behind', async () => {
    let body = '';
    const made = ollama(['mine:latest']);
    const before = answer;
    answer = (request, response, bytes) => {
      if (request.url === '/api/create') body = bytes.toString();
      if (request.url!.startsWith('/api/blobs/') && request.method === 'POST')
        expect(bytes.equals(WEIGHTS)).toBe(true);
      before(request, response, bytes);
    };
    await made.provide({ name: 'mine', weights }, never);
    expect(asked.slice(0, 3)).toEqual([
      `HEAD /api/blobs/sha256:${sha256}`,
      `POST /api/blobs/sha256:${sha256}`,
      'POST /api/create',
    ]);
    expect(JSON.parse(body)).toMatchObject({ model: 'mine', files: { 'model.gguf': `sha256:${sha256}` } });
    expect(readdirSync(join(dir, 'models'))).toEqual([]);
  });

  test('weights that are no model are said with their key', async () => {
    const provided = ollama([], [{ error: 'invalid file magic' }]).provide({ name: 'mine', weights }, never);
    await expect(provided).rejects.toThrow(`model: mine: ${weights.key}: invalid file magic`);
  });
});

describe('an OpenAI-compatible server', () => {
  const models = () =>
    void (answer = (_request, response) => void response.end('{"data":[{"id":"a"},{"id":"b"}]}'));

  test('has the models that it was started with, and no other', async () => {
    models();
    const vllm = serverOf({ kind: 'vllm' });
    expect(await vllm.provide({ name: 'b', weights: null }, never)).toBe('b');
    await expect(vllm.provide({ name: 'c', weights: null }, never)).rejects.toThrow(
      'model: c; allowed: a, b',
    );
    expect(vllm).toMatchObject({
      engine: 'openai',
      unit: 'vllm.service',
      url: expect.stringMatching(/\/v1$/),
    });
  });

  test('elsewhere is asked at its first version when only its address is known, and with its key', async () => {
    models();
    const keys: unknown[] = [];
    const before = answer;
    answer = (request, ...rest) => {
      keys.push(request.headers.authorization);
      before(request, ...rest);
    };
    for (const url of ['', '/', '/v2'])
      await serverOf({ kind: 'external', engine: 'openai', url }, new Secret('key')).probe();
    expect(asked).toEqual(['GET /v1/models', 'GET /v1/models', 'GET /v2/models']);
    expect(keys).toEqual(['Bearer key', 'Bearer key', 'Bearer key']);
  });
});

test('the runner’s own llama.cpp takes a file of the bucket', async () => {
  const embedded = serverOf({ kind: 'embedded' });
  const path = await embedded.provide({ name: 'mine', weights }, never);
  expect(existsSync(path)).toBe(true);
  expect(embedded).toMatchObject({ engine: 'llama', url: null, unit: null });
  await expect(embedded.provide({ name: 'mine', weights: null }, never)).rejects.toThrow(
    /^model: mine has no weights; /,
  );
});

describe('a server that is looked after', () => {
  function watch(answers: () => boolean, unit: string | null = 'ollama.service') {
    const restarts: string[] = [];
    const run: Run = (...call) => {
      restarts.push(call.join(' '));
      return Promise.resolve({ code: 0, stdout: '', stderr: '' });
    };
    const probe = () => (answers() ? Promise.resolve() : Promise.reject(new Error('ECONNREFUSED')));
    return { watch: new ServerWatch({ server: { probe, unit }, run, log, everyMs: 1 }), restarts };
  }

  test('and does not answer is started again, so often and no more', async () => {
    const { watch: watched, restarts } = watch(() => false);
    await expect(watched.answering(never, 5)).rejects.toThrow('model server: ECONNREFUSED');
    expect(restarts).toEqual(Array(MOST_RESTARTS).fill('systemctl restart ollama.service'));
  });

  test('and is silent for a moment is left alone', async () => {
    let looks = 0;
    const { watch: watched, restarts } = watch(() => ++looks % 3 === 0);
    const ended = new AbortController();
    const kept = watched.keep(ended.signal);
    while (looks < 30) await new Promise(setImmediate);
    ended.abort();
    await kept;
    expect(restarts).toEqual([]);
  });

  test('and is silent three times is started again', async () => {
    const { watch: watched, restarts } = watch(() => false);
    const ended = new AbortController();
    const kept = watched.keep(ended.signal);
    while (restarts.length < MOST_RESTARTS) await new Promise(setImmediate);
    ended.abort();
    await kept;
    expect(restarts).toHaveLength(MOST_RESTARTS);
  });

  test('and runs elsewhere is not ours to start', async () => {
    const { watch: watched, restarts } = watch(() => false, null);
    await expect(watched.answering(never, 5)).rejects.toThrow('ECONNREFUSED');
    expect(restarts).toEqual([]);
  });
});
