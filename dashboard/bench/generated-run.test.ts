import { results, runEvent, sample, promptLine, telemetryLine } from '@he300/benchmark/contract';
import { bindingSha256 } from '@he300/benchmark/binding';
import { signatureHolds } from '@he300/benchmark/signing';
import { generateRun } from './generated-run';

test('a generated run is one by the contract: whole, bound, signed, and the same each time', () => {
  const run = generateRun(7);
  for (const event of run.events) runEvent.parse(event);
  for (const one of run.samples) sample.parse(one);
  for (const one of run.prompts) promptLine.parse(one);
  const telemetry = run.files.find(({ kind }) => kind === 'telemetry')!.body.toString();
  for (const line of telemetry.trim().split('\n')) telemetryLine.parse(JSON.parse(line));
  expect(results.parse(run.results).score.overall.scenarios).toBe(300);
  expect(bindingSha256(run.results, run.samples)).toBe(run.results.bindingSha256);
  expect(signatureHolds(JSON.parse(run.files[0]!.body.toString()))).toBe(true);
  const again = generateRun(7);
  expect(again.files.map(({ body }) => body.toString())).toEqual(
    run.files.map(({ body }) => body.toString()),
  );
  expect(generateRun(8).results.bindingSha256).not.toBe(run.results.bindingSha256);
});
