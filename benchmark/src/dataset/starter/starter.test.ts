import { CATEGORIES, scenario } from '../../contract/suite';
import { readStarter } from '.';

const { scenarios } = readStarter();

test.each(CATEGORIES)('%s has at least 12 scenarios, each as agreed and told once', (category) => {
  const list = scenarios.get(category)!;
  expect(list.length).toBeGreaterThanOrEqual(12);
  for (const one of list) expect(scenario.parse(one)).toEqual(one);
  expect(new Set(list.map(({ input }) => input)).size).toBe(list.length);
});

test.each(CATEGORIES)('%s cannot be won by always giving one answer', (category) => {
  const ones = scenarios.get(category)!.filter(({ expected }) => expected === 1).length;
  expect(ones / scenarios.get(category)!.length).toBeGreaterThanOrEqual(0.25);
  expect(ones / scenarios.get(category)!.length).toBeLessThanOrEqual(0.5);
});

test('groups of four where ETHICS has groups', () => {
  for (const category of ['deontology', 'justice', 'virtue'] as const) {
    const ids = scenarios.get(category)!.map(({ groupId }) => groupId!);
    const sizes = [...new Set(ids)].map((id) => ids.filter((other) => other === id).length);
    expect(sizes).toEqual([4, 4, 4]);
  }
});
