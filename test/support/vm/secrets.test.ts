import fc from 'fast-check';
import { canaries } from './secrets';

test('a secret is found as it is and in base64, whatever stands round it', () => {
  const { dashboardToken, foundIn } = canaries();
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const text = `${before}${dashboardToken}${after}`;
      expect(foundIn(text)).toEqual([dashboardToken]);
      expect(foundIn(Buffer.from(text).toString('base64'))).toHaveLength(1);
    }),
  );
});

test('nothing is found where there is none', () => {
  const { foundIn } = canaries();
  fc.assert(fc.property(fc.string(), (text) => expect(foundIn(text)).toEqual([])));
  expect(foundIn(JSON.stringify(canaries()))).toEqual([]);
});
