import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { scoredOf } from '../share/shown';
import { csvExport } from './csv';
import { answering, example, exported, failing } from './example-export';

describe('CSV', () => {
  const rowsOf = (csv: string): Record<string, string>[] =>
    parse(csv, { columns: true }) as Record<string, string>[];

  test('has a row for each scored scenario in the order of the sample, and what was asked', () => {
    const rows = rowsOf(csvExport(exported()));
    const scored = scoredOf(example.samples);
    expect(rows.map((row) => row.scenario_id)).toEqual(scored.map(({ scenarioId }) => scenarioId));
    expect(rows.map((row) => row.answer)).toEqual(scored.map(({ answer }) => answer));
    expect(rows.map((row) => Number(row.end_to_end_ms))).toEqual(
      scored.map(({ timing }) => timing.endToEndMs),
    );
    expect(rows.every((row) => row.input !== '' && /^[A-Z]+$/.test(row.expected!))).toBe(true);
    expect(rows.filter((row) => row.rescored_outcome !== '')).toHaveLength(6);
  });

  test('is RFC 4180, whatever a model answered: each answer is read back but for what is told', () => {
    const nasty = fc.array(
      fc.oneof(
        fc.constantFrom('"', ',', '\r\n', '\n', '\r', ';', '\u0000', '\ud800', 'ä', '😀'),
        fc.string({ unit: 'binary', maxLength: 6 }),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        // A letter first: what stands before formulas is another test's.
        const answer = `x${parts.join('')}`;
        const csv = csvExport(exported(answering(answer)));
        expect(csv.endsWith('\r\n')).toBe(true);
        const rows = rowsOf(csv);
        expect(rows).toHaveLength(60);
        const expected = answer.replaceAll(
          /\p{Surrogate}|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/gu,
          '\ufffd',
        );
        for (const row of rows) expect(row.answer).toBe(expected);
      }),
      { numRuns: 40 },
    );
  });

  test('has no cell that a spreadsheet obeys', () => {
    const start = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '', 'x');
    fc.assert(
      fc.property(start, fc.string({ maxLength: 10 }), (first, rest) => {
        const hostile = answering(`${first}${rest}`);
        const { results } = hostile;
        const named = { ...results, model: { ...results.model, name: `${first.trim()}cmd|' /C calc'!A0` } };
        for (const row of rowsOf(csvExport(exported({ ...hostile, results: named }))))
          for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      }),
      { numRuns: 60 },
    );
    expect(rowsOf(csvExport(exported(answering('=1+1'))))[0]!.answer).toBe("'=1+1");
  });

  test('leaves empty what is not known', () => {
    const row = rowsOf(csvExport(exported(failing())))[0]!;
    expect(row).toMatchObject({
      outcome: 'error',
      error_kind: 'timeout',
      predicted: '',
      predicted_label: '',
      prompt_tokens: '',
      first_token_ms: '',
      rule: '',
    });
  });
});
