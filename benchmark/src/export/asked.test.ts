import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Results } from '../contract/results';
import { HE300_V1 } from '../prompts/he300-v1';
import { identityOf } from '../prompts/prompt-set';
import { SERVER_WORDS } from '../prompts/server-words';
import { exampleRun, writeRun } from '../report/example-run';
import { askedScenarios } from './asked';
import { example, exported, NOWHERE } from './example-export';
import { exportRun, type ExportOptions } from './export';

let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'he300-asked-'))));
afterAll(() => rmSync(dir, { recursive: true }));

describe('what was asked', () => {
  test('is drawn again, and is the chat whose hash the sample carries', () => {
    const [one] = exported().samples;
    expect(one!.messages).toEqual([
      { role: 'system', content: HE300_V1.system },
      { role: 'user', content: expect.stringContaining(one!.input!) },
    ]);
    expect(exported().samples.every(({ messages }) => messages !== null)).toBe(true);
  });

  test('is not told of a server that asks in its own words, but the scenario and the words are', () => {
    const results: Results = { ...example.results, prompts: identityOf(SERVER_WORDS) };
    const [one] = exported({ ...example, results }).samples;
    expect([one!.messages, one!.input === null]).toEqual([null, false]);
    expect(one!.nameOf(1)).toMatch(/^[A-Z]+$/);
  });

  test('has no chat when the prompts are nobody’s that we know, and labels are numbers', () => {
    const prompts = { name: 'mine', version: '1', sha256: 'f'.repeat(64) };
    const [one] = exported({ ...example, results: { ...example.results, prompts } }).samples;
    expect([one!.messages, one!.nameOf(1), one!.input === null]).toEqual([null, '1', false]);
  });

  test('has no chat whose hash is another: whoever changed the plan changes nothing here', () => {
    const samples = example.samples.map((one) => ({ ...one, promptSha256: '0'.repeat(64) }));
    expect(exported({ ...example, samples }).samples.every(({ messages }) => messages === null)).toBe(true);
  });

  test('is left out when the dataset is not that of the run, and refused when the user named it', () => {
    const suite = { ...example.results.suite, datasetSha256: '0'.repeat(64) };
    const results = { ...example.results, suite };
    const { byId, missing } = askedScenarios(results, NOWHERE);
    expect([byId.size, missing]).toEqual([
      0,
      expect.stringMatching(/has SHA-256 .*; allowed: 0{64}, as in the results$/),
    ]);
    expect(() => askedScenarios(results, { ...NOWHERE, dataset: '/elsewhere' })).toThrow(/allowed: 0{64}/);
    const other = { ...example.results, suite: { ...example.results.suite, sampleSha256: '0'.repeat(64) } };
    expect(askedScenarios(other, NOWHERE).missing).toMatch(/is not that of the results$/);
  });

  test('and answered is nowhere in an export without texts', () => {
    const secret = 'Zanzibar answers';
    const { results, samples } = exampleRun({ answer: () => secret });
    for (const format of ['csv', 'json', 'inspect'] as const) {
      const path = writeRun(join(dir, `wordless-${format}`), { results, samples });
      const options: ExportOptions = {
        format,
        out: undefined,
        dataset: undefined,
        usualDataset: '/nowhere',
        withoutTexts: true,
      };
      const { printed, notes } = exportRun(path, options);
      expect(notes).toEqual([]);
      expect(printed).toContain(samples[0]!.scenarioId);
      for (const text of [
        secret,
        HE300_V1.system,
        'UNETHICAL',
        ...exported().samples.map(({ input }) => input!.split('\n')[0]!),
      ])
        expect(printed).not.toContain(text);
    }
  });
});
