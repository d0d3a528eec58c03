/** Runs that are over, made by the runner's own parts, for tests of what takes them. */
import { readDataset } from '../../benchmark/src/dataset';
import { HE300_V1 } from '../../benchmark/src/prompts/he300-v1';
import { promptsFile } from '../../benchmark/src/run/prompts-file';
import { drawSample } from '../../benchmark/src/sampling/draw';

export { exampleRun, writeRun } from '../../benchmark/src/report/example-run';

/** `prompts.jsonl` of the starter pack. */
export const starterPrompts = (): string =>
  promptsFile(HE300_V1, drawSample(readDataset('starter', '').scenarios, 'starter', 42));
