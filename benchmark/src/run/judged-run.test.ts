/** Whole runs with a second model that reads the answers too. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { results as resultsSchema } from '../contract/results';
import type { JudgeScore } from '../contract/score';
import { modelDouble, type ModelDouble } from '../engines/model-double';
import { judgeDouble, type JudgeDouble, type JudgeDoubleOptions } from '../judge/judge.double';
import { Breaker } from '../load/breaker';
import { begin, resume } from './begin';
import { ShortRun } from './short-run';

let short: ShortRun;
let model: ModelDouble;
let judge: JudgeDouble;
beforeEach(async () => {
  short = new ShortRun();
  model = await modelDouble();
});
afterEach(async () => {
  short.remove();
  await Promise.all([model.close(), judge.close()]);
});

const request = (name = 'reader') =>
  short.request(model.url, { judge: { url: judge.url.href, model: name, concurrency: 3 } });

async function judged(options: JudgeDoubleOptions = {}): Promise<JudgeScore> {
  judge = await judgeDouble(options);
  const results = await short.finish(await begin(request()));
  expect(resultsSchema.parse(results)).toEqual(results);
  expect(results.partial).toBeNull();
  return results.score.judge!;
}

test('a judge that is not there, or lacks its model, ends a run before it begins', async () => {
  judge = await judgeDouble();
  await expect(begin(request('other'))).rejects.toThrow('judge: model: other; allowed: reader');
  await judge.close();
  await expect(begin(request())).rejects.toThrow(/^judge: engine openai at http:.*: no answer from /);
  const at = (url: string) =>
    begin(short.request(model.url, { judge: { url, model: 'reader', concurrency: 1 } }));
  await expect(at('ftp://x/')).rejects.toThrow(
    'judge: --judge-url ftp://x/; allowed: an http or https address',
  );
  await expect(at('http://me:hunter2@127.0.0.1/v1')).rejects.toThrow(
    'judge: --judge-url has a name or password in it; allowed: none, and a key in HE300_JUDGE_API_KEY',
  );
  expect(existsSync(short.directory)).toBe(false);
});

test('a judge that disagrees is told of, and changes neither the score nor the binding', async () => {
  judge = await judgeDouble({ reply: (_answer, [zero]) => zero! });
  const plain = await short.whole(model.url);
  short.remove();
  short = new ShortRun();
  const results = await short.finish(await begin(request()));
  const { judge: reading, ...score } = results.score;
  expect(score).toEqual(plain.score);
  expect(results.bindingSha256).toBe(plain.bindingSha256);

  const { agreed, disagreed, disagreements, asked, model: name, prompts } = reading!;
  expect({ asked, name, prompts: prompts.name }).toEqual({
    asked: 60,
    name: 'reader',
    prompts: 'he300-judge',
  });
  const zeros = short.scored().filter(({ judgement }) => judgement.predicted === 0);
  expect({ agreed, disagreed }).toEqual({ agreed: zeros.length, disagreed: 60 - zeros.length });
  expect(disagreements.every(({ rules, judge }) => judge === 0 && rules !== 0)).toBe(true);
});

test('a judge that reads as the rules do agrees on every answer, within its concurrency', async () => {
  expect(await judged()).toMatchObject({ asked: 60, agreed: 60, disagreed: 0, unreadable: 0, failed: 0 });
  expect(judge.most()).toBeLessThanOrEqual(3);
});

test('requests that fail and replies that cannot be read are counted apart', async () => {
  const reading = await judged({
    reply: (answer) => (answer.startsWith('I would') ? 'Hm.' : 'NEITHER'),
    interfere: (_index, _request, response, body) => {
      if (!body.includes('The two words: CONTRADICTS')) return false;
      response.writeHead(500).end('cannot');
      return true;
    },
  });
  const { asked, failed, unreadable, disagreed } = reading;
  const virtue = short.scored().filter(({ category }) => category === 'virtue');
  expect({ asked, failed }).toEqual({ asked: 60, failed: virtue.length });
  expect(unreadable).toBeGreaterThan(0);
  expect(disagreed).toBe(60 - failed - unreadable);
});

test('a judge that goes away for good costs its reading, and not the run', async () => {
  judge = await judgeDouble({
    interfere: (index, request) => {
      if (index < 20) return false;
      request.socket.destroy();
      return true;
    },
  });
  const notes: string[] = [];
  const results = await short.finish(await begin(request()), {
    breaker: () => new Breaker({ failures: 20, refusals: 2, patienceMs: 0, retryMs: 1 }),
    onProgress: (progress) => progress.type === 'note' && notes.push(progress.text),
  });
  expect(results).toMatchObject({ partial: null, score: { overall: { scenarios: 60, errors: 0 } } });
  const { asked, agreed, failed } = results.score.judge!;
  expect(asked).toBe(60);
  expect(failed).toBe(60 - agreed);
  expect(agreed).toBeGreaterThanOrEqual(15);
  expect(notes.at(-1)).toMatch(/^judge: the server has not answered for /);
});

describe('a run that was stopped while the judge read', () => {
  const stopped = async (): Promise<void> => {
    judge = await judgeDouble();
    const stop = new AbortController();
    const results = await short.finish(await begin(request()), {
      stop: stop.signal,
      onProgress: (progress) => progress.type === 'judged' && progress.done === 20 && stop.abort(),
    });
    expect(results.partial).toEqual({ reason: 'it was stopped', scored: 1 });
    expect(results.score.judge!.asked).toBeGreaterThanOrEqual(20);
    expect(results.score.judge!.asked).toBeLessThan(60);
  };

  test('asks the judge for the rest alone when it is resumed', async () => {
    await stopped();
    const log = readFileSync(short.path('judge.jsonl'), 'utf8');
    const before = model.asked.length;
    const results = await short.finish(await resume(short.directory, { judgeUrl: judge.url.href }));
    expect(results).toMatchObject({ partial: null, score: { judge: { asked: 60, agreed: 60 } } });
    expect(model.asked.length).toBe(before);
    const after = readFileSync(short.path('judge.jsonl'), 'utf8');
    expect(after.startsWith(log)).toBe(true);
    expect(after.trim().split('\n')).toHaveLength(60);
    // At most what was in flight when the run was stopped is asked twice.
    expect(judge.answers.length).toBeLessThanOrEqual(63);
  });

  test('does not take replies to other answers for its own', async () => {
    await stopped();
    const log = readFileSync(short.path('judge.jsonl'), 'utf8');
    const other = (_: string, digit: string): string => `"answerSha256":"${digit === '0' ? '1' : '0'}`;
    writeFileSync(short.path('judge.jsonl'), log.replace(/"answerSha256":"(.)/, other));
    appendFileSync(short.path('judge.jsonl'), '{"cut off');
    await expect(short.finish(await resume(short.directory, {}))).rejects.toThrow(
      /^judge log: the reply on .* is to another answer or other prompts; remove the log$/,
    );
  });
});
