/** Runs as exports take them, for their tests. */
import { exampleRun, type ExampleRun } from '../report/example-run';
import { askedScenarios } from './asked';
import { exportedRun, type ExportedRun } from './exported';

export const NOWHERE = { directory: null, dataset: undefined, usualDataset: '/nowhere' };

export const example = exampleRun();

export const exported = ({ results, samples }: ExampleRun = example): ExportedRun =>
  exportedRun({ results, samples, publicKey: null }, askedScenarios(results, NOWHERE), {
    withoutTexts: false,
  });

/** Every answer of it is this one; it is not judged again. */
export const answering = (answer: string): ExampleRun => ({
  results: example.results,
  samples: example.samples.map((one) => ({ ...one, answer })),
});

/** Every request of it failed. */
export const failing = (): ExampleRun => exampleRun({ answer: () => null });
