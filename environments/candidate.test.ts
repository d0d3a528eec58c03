import { loadEnvironment } from '.';
import { candidateFault, candidateKey } from './candidate';
import type { Environment } from './schema';

const dev = loadEnvironment('dev');
const capped = (priceCapUsd: number): Environment => ({ ...dev, run: { ...dev.run, priceCapUsd } });

test.each(['4', '-1', '1.5', 'first', '0x1f', '1e9'])(
  'HE300_CANDIDATE=%s names no candidate',
  (requested) => {
    expect(candidateFault(dev, requested)).toBe(
      `HE300_CANDIDATE: '${requested}'; allowed: 0 to 3, an index of gpu.candidates of environments/dev.ts`,
    );
  },
);

test('a candidate that may cost more than the cap is refused, with both figures', () => {
  expect(candidateFault(capped(2), '2')).toBe(
    'environments/dev.ts: gpu.candidates[2]: aws/us-east-1a/g5.xlarge/on-demand may cost $2.15 in 120 minutes; allowed: at most run.priceCapUsd, $2.00',
  );
});

test.each([undefined, '', '0'])('%p is the first candidate', (requested) => {
  expect(candidateFault(dev, requested)).toBeUndefined();
  expect(candidateFault(capped(1), requested)).toContain('gpu.candidates[0]');
});

test('the key of a candidate does not depend on its place in the list', () => {
  expect(dev.gpu.candidates.map(candidateKey)).toEqual([
    'aws/us-east-1a/g5.xlarge/spot',
    'aws/us-east-1b/g5.xlarge/spot',
    'aws/us-east-1a/g5.xlarge/on-demand',
    'aws/us-west-2a/g5.xlarge/on-demand',
  ]);
});
