/** The sample log: what was answered to each scenario, and how it was judged, a line each. */
import { sample, type Sample } from '../contract/sample';
import { LineLog, type LogKind, readLines } from './line-log';

const KIND: LogKind<Sample> = {
  name: 'sample log',
  entry: 'sample',
  schema: sample,
  keyOf: ({ pass, scenarioId }) => `${pass} ${scenarioId}`,
};

export type SampleLog = LineLog<Sample>;

export const SampleLog = {
  /** Creates the log, or continues it. @throws InputError when a line of it is no sample */
  open: (path: string): SampleLog => LineLog.open(path, KIND),
};

/** @throws InputError naming the line */
export const readSamples = (path: string): Sample[] => readLines(path, KIND);
