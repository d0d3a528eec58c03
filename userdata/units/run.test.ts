import { IN_HASTE_MOST_MS } from '../../benchmark/src/host/phases/off';
import { runUnit } from './run';

test('systemd leaves a host that must go the time of its whole way out', () => {
  const { Service } = runUnit({ isBundleBrought: true, needs: [], beside: [] });
  const [, seconds] = /^(\d+)s$/.exec(String(Service?.['TimeoutStopSec']))!;
  expect(Number(seconds) * 1000).toBeGreaterThan(IN_HASTE_MOST_MS);
});
