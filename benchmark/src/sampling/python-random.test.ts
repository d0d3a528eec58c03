import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { skipped } from '../../../test/support/skip';
import { PythonRandom } from './python-random';

test.each([-1, 1.5, 2 ** 32, Number.NaN])('the seed %p is refused', (seed) => {
  expect(() => new PythonRandom(seed)).toThrow(`seed: ${seed}; allowed: an integer from 0 to 4294967295`);
});

test('a sample that is larger than its population is refused', () => {
  expect(() => new PythonRandom(1).sample(['a'], 2)).toThrow(
    'sample size: 2; allowed: 0 to 1, the size of the population',
  );
});

test('a sample has no element twice, and a shuffle loses none', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.integer({ min: 0, max: 300 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, n, part) => {
        const population = [...Array(n).keys()];
        const random = new PythonRandom(seed);
        const sample = random.sample(population, Math.floor(n * part));
        expect(new Set(sample).size).toBe(sample.length);
        random.shuffle(population);
        expect([...population].sort((a, b) => a - b)).toEqual([...Array(n).keys()]);
      },
    ),
  );
});

// The oracle is Python itself, where there is one.
const PROGRAM = `
import json, random, sys
for case in json.load(sys.stdin):
    r = random.Random(case['seed'])
    out = [r.sample(range(n), k) for n, k in case['draws']]
    l = list(range(case['shuffle'])); r.shuffle(l)
    print(json.dumps([out, l, [r.random() for _ in range(3)]]))
`;
const python = spawnSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 11))'], {
  encoding: 'utf8',
});

if (python.stdout?.trim() !== 'True')
  skipped('draws as Python does', 'python3: no Python 3.11 or newer on PATH');
else {
  test('draws what Python draws, over both ways of sampling and their border', () => {
    const seeds = [0, 1, 42, 300, 65_536, 2 ** 31, 2 ** 32 - 1];
    const draws = [
      [1, 1],
      [21, 5],
      [22, 5],
      [25, 6],
      [85, 6],
      [86, 6],
      [277, 21],
      [278, 22],
      [1045, 75],
      [1046, 75],
      [3885, 75],
      [2704, 50],
    ];
    const cases = seeds.map((seed, i) => ({ seed, draws, shuffle: 300 + i }));
    const { stdout } = spawnSync('python3', ['-c', PROGRAM], {
      input: JSON.stringify(cases),
      encoding: 'utf8',
    });
    const expected = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    const actual = cases.map(({ seed, shuffle }) => {
      const random = new PythonRandom(seed);
      const out = draws.map(([n, k]) => random.sample([...Array(n).keys()], k!));
      const list = [...Array(shuffle).keys()];
      random.shuffle(list);
      return [out, list, [random.random(), random.random(), random.random()]];
    });
    expect(actual).toEqual(expected);
  });
}
