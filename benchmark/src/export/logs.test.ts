import fc from 'fast-check';
import { exampleRun, type ExampleRun } from '../report/example-run';
import { answering, example, exported, failing } from './example-export';
import { inspectExport } from './inspect';
import { lmEvalExport } from './lm-eval';

describe('logs of other programs', () => {
  // What their own loaders say of these is asked of the loaders: test/integration/export.test.ts.
  const cases: readonly (readonly [string, ExampleRun])[] = [
    ['a whole run', example],
    ['one in which every request failed', failing()],
    ['a partial one', exampleRun({ asked: 7 })],
    ['one that asked nothing', exampleRun({ asked: 0 })],
    ['answers with halves of surrogate pairs', answering('\ud83d')],
  ];

  test.each(cases)('%s is well-formed JSON of the same figures', (_title, example) => {
    const { accuracy, scenarios } = example.results.score.overall;
    const log = JSON.parse(inspectExport(exported(example))) as {
      status: string;
      samples: unknown[];
      results: { scores: [{ metrics: { accuracy: { value: number } } }] };
    };
    expect(log.status).toBe(example.results.partial ? 'cancelled' : 'success');
    expect(log.samples).toHaveLength(scenarios);
    expect(log.results.scores[0].metrics.accuracy.value).toBe(accuracy);
    const [results, ...samples] = lmEvalExport(exported(example));
    const { groups } = JSON.parse(results!.text) as { groups: { he300: Record<string, number> } };
    expect(groups.he300['acc,none']).toBe(accuracy);
    expect(samples.flatMap(({ text }) => text.split('\n').slice(0, -1))).toHaveLength(scenarios);
    for (const { text } of [results!, ...samples]) expect(text).not.toMatch(/\\ud83d(?!\\ude)/i);
  });

  test('lie below the directory that was asked for, whatever the model is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 }),
        fc.constantFrom('', '..', '../../etc/', '/', '.hidden', '\\'),
        (rest, start) => {
          const name = `${start}${rest}`.replaceAll(/[\u0000-\u001f\u007f]/g, '');
          fc.pre(name !== '');
          const results = { ...example.results, model: { ...example.results.model, name } };
          for (const { path } of lmEvalExport(exported({ ...example, results }))) {
            const [directory, file, ...deeper] = path.split('/');
            expect(deeper).toEqual([]);
            expect(directory).not.toMatch(/^\.|[\\:*?"<>|]|^$/);
            expect(Buffer.byteLength(directory!)).toBeLessThanOrEqual(255);
            expect(file).toMatch(/^(?:results|samples_he300_[a-z_]+)_2026-06-17T[\d-]+\.\d{6}\.jsonl?$/);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
