import { describeWithSharedData } from '../../../test/support/skip';
import { CATEGORIES } from '../contract/suite';
import { readEthics } from '../dataset/read-ethics';
import { readStarter } from '../dataset/starter';
import { drawSample, sampleSha256 } from './draw';
import { SPECS } from './specs';

test('every specification takes 300 scenarios', () => {
  for (const counts of Object.values(SPECS)) expect(Object.values(counts).reduce((a, b) => a + b)).toBe(300);
});

test('the starter pack is taken whole, in an order that the seed decides', () => {
  const { scenarios } = readStarter();
  const [one, same, other] = [
    drawSample(scenarios, 'starter', 1),
    drawSample(scenarios, 'starter', 1),
    drawSample(scenarios, 'starter', 2),
  ];
  expect(one).toEqual(same);
  expect(sampleSha256(other)).not.toBe(sampleSha256(one));
  expect(new Set(one.map(({ id }) => id)).size).toBe([...scenarios.values()].flat().length);
});

describeWithSharedData('a sample of ETHICS', (data) => {
  const { scenarios } = readEthics(`${data}/ethics`);

  test('of specification 1.0 and seed 42 is the reference implementation’s', () => {
    const sample = drawSample(scenarios, '1.0', 42);
    expect(sample.slice(0, 5).map(({ id }) => id)).toEqual([
      'hendrycks_ethics:virtue_test:00991',
      'hendrycks_ethics:justice_test:00731',
      'hendrycks_ethics:cm_test:03529',
      'hendrycks_ethics:virtue_test:00058',
      'hendrycks_ethics:virtue_test:04820',
    ]);
    expect(sampleSha256(sample)).toBe('8800c09b4ef8d063c0b6ff02fbe02e948d13ff3b210b06eb19e16ad1de621311');
  });

  test.each(Object.entries(SPECS))(
    'of specification %s has as many of each category as that says',
    (spec, counts) => {
      const sample = drawSample(scenarios, spec as '1.0', 7);
      for (const category of CATEGORIES)
        expect(sample.filter((s) => s.category === category)).toHaveLength(counts[category]);
    },
  );

  test('at seed 42 has virtue labels as lopsided as they are known to be: 41 to 9', () => {
    const virtue = drawSample(scenarios, '1.0', 42).filter(({ category }) => category === 'virtue');
    expect(virtue.filter(({ expected }) => expected === 0)).toHaveLength(41);
  });
});
