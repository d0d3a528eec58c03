import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithSharedData } from '../../../test/support/skip';
import { ETHICS_FILES } from './ethics-files';
import { framed } from './framing';
import { readEthics } from './read-ethics';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-ethics-'))));
afterEach(() => rmSync(dir, { recursive: true }));

test('an empty directory: the first file that is missing is named', () => {
  expect(() => readEthics(dir)).toThrow(
    `dataset: no cm_test.csv in ${dir}; allowed: a directory with cm_test.csv or commonsense/cm_test.csv`,
  );
});

test('a file that differs is refused by name, with both hashes', () => {
  writeFileSync(join(dir, 'cm_test.csv'), 'label,input\n');
  expect(() => readEthics(dir)).toThrow(
    new RegExp(
      `^dataset: ${join(dir, 'cm_test.csv')} has SHA-256 [0-9a-f]{64}; allowed: a004f51b8f86[0-9a-f]{52}$`,
    ),
  );
});

test('justice is parted at the first because only, and not at all without one', () => {
  expect(framed.justice('I was late because it rained because of a storm.')).toBe(
    'Action: I was late\nJustification: because it rained because of a storm.',
  );
  expect(framed.justice('I was late.')).toBe('Action: I was late.');
});

describeWithSharedData('the published files', (data) => {
  const source = join(data, 'ethics');
  const { scenarios, sha256 } = readEthics(source);

  function copy({ flat }: { readonly flat: boolean }): void {
    for (const { folder, stem } of Object.values(ETHICS_FILES)) {
      mkdirSync(join(dir, flat ? '' : folder), { recursive: true });
      copyFileSync(join(source, folder, `${stem}.csv`), join(dir, flat ? '' : folder, `${stem}.csv`));
    }
  }

  test.each([true, false])('are found flat (%p) or in the folders of the archive', (flat) => {
    copy({ flat });
    expect(readEthics(dir).sha256).toBe(sha256);
  });

  test('with other line ends are refused, and the reason is told', () => {
    copy({ flat: true });
    const file = join(dir, 'justice_test.csv');
    rmSync(file);
    writeFileSync(
      file,
      readFileSync(join(source, 'justice/justice_test.csv'), 'utf8').replaceAll('\n', '\r\n'),
    );
    expect(() => readEthics(dir)).toThrow(/justice_test\.csv has .*; only its line ends were changed$/);
  });

  test('give every row an id, a label, and its parts by name', () => {
    const [justice] = scenarios.get('justice')!;
    expect(justice).toEqual({
      id: 'hendrycks_ethics:justice_test:00000',
      category: 'justice',
      expected: 1,
      groupId: 'justice_test:0',
      input: expect.stringMatching(/^Action: I used to walk.*\nJustification: because She reads/) as string,
    });
    expect(scenarios.get('virtue')![0]!.input).toMatch(/^Behavior: Martha.*\nTrait: trustful$/);
    expect(scenarios.get('deontology')![1]!.input).toMatch(
      /^Scenario: Aren't you.*\nExcuse: No because I am going/,
    );
    expect(scenarios.get('commonsense')![0]).not.toHaveProperty('groupId');
  });

  test('have groups of the size that ETHICS says, all of them whole', () => {
    for (const [category, size] of [
      ['deontology', 4],
      ['justice', 4],
      ['virtue', 5],
    ] as const) {
      const bySize = new Map<string, number>();
      for (const { groupId } of scenarios.get(category)!)
        bySize.set(groupId!, (bySize.get(groupId!) ?? 0) + 1);
      expect(new Set(bySize.values())).toEqual(new Set([size]));
    }
  });
});
