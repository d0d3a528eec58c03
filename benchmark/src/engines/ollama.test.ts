import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUESTION, serve, type Handler, type TestServer } from './engine-doubles';
import { OllamaEngine } from './ollama';
import { localServerEnvironment } from './ollama-environment';

let server: TestServer;
let engine: OllamaEngine;
async function start(handle: Handler): Promise<void> {
  server = await serve(handle);
  engine = new OllamaEngine({
    baseUrl: server.url,
    model: 'tiny',
    generation: { temperature: 0, maxTokens: 64, seed: 7 },
  });
}
afterEach(async () => {
  await engine.close();
  await server.close();
});

const lines =
  (...values: readonly unknown[]): Handler =>
  (_request, response) => {
    for (const value of values) response.write(`${JSON.stringify(value)}\n`);
    response.end();
  };
const said = (content: string) => ({ message: { role: 'assistant', content }, done: false });
const END = { message: { content: '' }, done: true, prompt_eval_count: 20, eval_count: 2 };

describe('an answer', () => {
  test.each<[string, Handler, object]>([
    [
      'that ends before its last line',
      lines(said('ETHICAL')),
      { kind: 'malformed', message: 'the stream ended before its last line' },
    ],
    [
      'with an error in the middle',
      lines(said('E'), { error: 'model runner has gone' }),
      { kind: 'http', message: 'the server broke off: model runner has gone' },
    ],
    [
      'with a line that is no JSON',
      (_q, response) => response.end('<html>\n'),
      { kind: 'malformed', message: 'a line is not a JSON object: "<html>"' },
    ],
    ['with a line that is a number', lines(7), { kind: 'malformed' }],
    [
      'that is not UTF-8',
      (_q, response) => response.end(Buffer.from('{"a": "\xff"}\n', 'latin1')),
      { kind: 'malformed', message: 'a line is not UTF-8' },
    ],
    [
      'from a full queue',
      (_q, response) => response.writeHead(503).end('{"error":"server busy, please try again."}'),
      { kind: 'overloaded' },
    ],
  ])('%s is a failure of its kind', async (_title, handle, failure) => {
    await start(handle);
    await expect(engine.ask(QUESTION, 5_000)).rejects.toMatchObject({ name: 'RequestFailure', ...failure });
  });

  test('is put together from its lines, wherever the network cut them', async () => {
    const bytes = Buffer.from(
      [said('UN'), said('ETHICAL – ja'), END].map((v) => `${JSON.stringify(v)}\n`).join(''),
    );
    await start((_request, response) => {
      let at = 0;
      const next = (): void => {
        if (at === bytes.length) return void response.end();
        response.write(bytes.subarray(at, (at = Math.min(bytes.length, at + 7))), () => setImmediate(next));
      };
      next();
    });
    let pieces = 0;
    const answer = await engine.ask(QUESTION, 5_000, () => void pieces++);
    expect(answer).toMatchObject({ text: 'UNETHICAL – ja', promptTokens: 20, outputTokens: 2 });
    expect(answer.pieceAtMs).toHaveLength(2);
    expect(pieces).toBe(2);
  });

  test('that a thinking model gives is what it says, not what it thinks', async () => {
    await start(
      lines({ message: { content: '', thinking: 'ETHICAL?' }, done: false }, said('UNETHICAL'), END),
    );
    const answer = await engine.ask(QUESTION, 5_000);
    expect(answer.text).toBe('UNETHICAL');
    expect(answer.pieceAtMs).toHaveLength(2);
  });
});

test('the request says what the run was told to, the context too', async () => {
  await start(lines(said('x'), END));
  await engine.ask(QUESTION, 5_000);
  expect(server.asked).toEqual([
    {
      messages: QUESTION.messages,
      model: 'tiny',
      stream: true,
      keep_alive: '1h',
      options: { temperature: 0, num_predict: 64, num_ctx: 4096, seed: 7 },
    },
  ]);
});

describe('what the server says of itself', () => {
  const answering =
    (models: readonly string[], info: object = {}): Handler =>
    ({ url }, response) => {
      const answers: Record<string, unknown> = {
        '/api/version': { version: '0.6.5' },
        '/api/tags': { models: models.map((name) => ({ name, digest: `digest of ${name}` })) },
        '/api/show': info,
      };
      response.end(JSON.stringify(answers[url!]));
    };

  test('a model that it lacks is refused with those it has', async () => {
    await start(answering(['llama3.2:3b', 'qwen3:8b']));
    await expect(engine.describe()).rejects.toThrow('model: tiny; allowed: llama3.2:3b, qwen3:8b');
    await server.close();
    await start(answering([]));
    await expect(engine.describe()).rejects.toThrow('model: tiny; allowed: none is there; ollama pull one');
  });

  test('something that is no Ollama is told by its address', async () => {
    await start((_request, response) => response.end('{}'));
    await expect(engine.describe()).rejects.toThrow(
      /^engine ollama at http:\/\/127\.0\.0\.1:\d+\/: \/api\/version does not answer as Ollama does$/,
    );
  });

  test('its version, the digest, the quantization and the size are kept', async () => {
    const details = { parameter_size: '3.2B', quantization_level: 'Q4_K_M' };
    await start(answering(['tiny:latest'], { details, model_info: { 'general.parameter_count': 3.2e9 } }));
    expect(await engine.describe()).toEqual({
      // The double is no Ollama process, so its environment is not read.
      engine: { name: 'ollama', server: 'ollama 0.6.5', slots: null },
      model: {
        name: 'tiny',
        digest: 'digest of tiny:latest',
        quantization: 'Q4_K_M',
        parametersBillions: 3.2,
        contextTokens: 4096,
      },
      notes: [expect.stringContaining('slots')],
    });
  });

  test('a quantization that it does not know either is none', async () => {
    await start(answering(['tiny:latest'], { details: { quantization_level: 'unknown' } }));
    expect(await engine.describe()).toMatchObject({ model: { quantization: null } });
  });
});

describe('the environment of a server on this machine', () => {
  let proc: string;
  beforeEach(() => {
    proc = mkdtempSync(join(tmpdir(), 'he300-proc-'));
    const header = 'sl local_address rem_address st tx_queue tr tm->when retrnsmt uid timeout inode';
    const row = (port: string, state: string, inode: number) =>
      ` 0: 0100007F:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 0 0 ${inode} 1`;
    mkdirSync(join(proc, 'net'));
    writeFileSync(join(proc, 'net/tcp'), [header, row('2CAA', '01', 7), row('2CAA', '0A', 8)].join('\n'));
  });
  afterEach(() => rmSync(proc, { recursive: true }));

  function process(pid: number, inode: number, command: string): void {
    mkdirSync(join(proc, `${pid}/fd`), { recursive: true });
    symlinkSync(`socket:[${inode}]`, join(proc, `${pid}/fd/3`));
    writeFileSync(join(proc, `${pid}/cmdline`), command.replaceAll(' ', '\0'));
    writeFileSync(join(proc, `${pid}/environ`), 'OLLAMA_NUM_PARALLEL=4\0PATH=/bin\0');
  }
  const at = (url: string) => localServerEnvironment(new URL(url), proc)?.get('OLLAMA_NUM_PARALLEL');

  test('is that of the Ollama that listens on the port', () => {
    process(10, 7, '/usr/bin/ollama run x');
    process(11, 8, '/usr/bin/ollama serve');
    expect(at('http://127.0.0.1:11434')).toBe('4');
  });

  test('is not guessed: another port, another machine or another program tell nothing', () => {
    process(11, 8, '/usr/bin/docker-proxy -host-port 11434');
    expect(at('http://127.0.0.1:11434')).toBeUndefined();
    expect(at('http://127.0.0.1:9')).toBeUndefined();
    expect(at('http://10.0.0.2:11434')).toBeUndefined();
  });
});
