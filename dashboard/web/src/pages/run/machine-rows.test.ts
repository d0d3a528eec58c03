import { exampleResults } from '@he300/benchmark/contract/examples';
import { machineNotes, machineRows } from './machine-rows';

const telemetry = exampleResults.performance.telemetry!;

it('goes from the GPUs to the runner', () => {
  const names = machineRows(telemetry).map(({ name }) => name);
  expect(names[0]).toBe('GPU 0: SM active');
  expect(names.at(-1)).toBe('Runner: memory');
  expect(names.some((name) => name.includes('undefined'))).toBe(false);
});

it('leaves out what nothing told', () => {
  expect(machineRows({ ...telemetry, gpus: null, client: null, host: null })).toEqual([]);
  expect(machineNotes({ ...telemetry, gpus: null, client: null })).toEqual([]);
});

it('tells why clocks were held down', () => {
  expect(machineNotes(telemetry).at(-1)).toContain('sw-power-cap');
});
