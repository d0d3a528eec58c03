/**
 * What was asked. Nothing signs the prompts that a run keeps: the sample is drawn again from its dataset, and taken only
 * when it is the one that was signed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../contract/results';
import type { Sample } from '../contract/sample';
import type { Scenario } from '../contract/suite';
import { readDataset } from '../dataset';
import { InputError } from '../errors';
import { HE300_V1 } from '../prompts/he300-v1';
import { identityOf, messagesFor, messagesSha256, type Message, type PromptSet } from '../prompts/prompt-set';
import { SERVER_WORDS } from '../prompts/server-words';
import { FILES } from '../run/directory';
import { parsePlan, type Plan } from '../run/plan';
import { drawSample, sampleSha256 } from '../sampling/draw';

export interface Asked {
  readonly scenario: Scenario;
  /** Null when the prompts are not known, or a server asks in its own words. */
  readonly messages: readonly Message[] | null;
  /** What label 0 and label 1 are called; null when the prompts are not known. */
  readonly words: readonly [string, string] | null;
}

export interface AskedScenarios {
  /** By the scenario's id; empty when the scenarios cannot be had. */
  readonly byId: ReadonlyMap<string, Asked>;
  /** Why they cannot be had; null when they were. */
  readonly missing: string | null;
}

export interface AskedOptions {
  /** Of the run; null when only its results are there. */
  readonly directory: string | null;
  /** Where the user says ETHICS is; undefined looks where the run found it, then in `usualDataset`. */
  readonly dataset: string | undefined;
  readonly usualDataset: string;
}

/** @throws InputError when the dataset that the user named does not hold these scenarios */
export function askedScenarios(
  results: Results,
  { directory, dataset, usualDataset }: AskedOptions,
): AskedScenarios {
  const plan = planIn(directory);
  const places = dataset !== undefined ? [dataset] : [...(plan ? [plan.datasetDirectory] : []), usualDataset];
  const promptSet = promptSetOf(results, plan);
  let missing = '';
  for (const place of places) {
    try {
      const sample = sampleIn(place, results);
      return {
        byId: new Map(sample.map((scenario) => [scenario.id, askedOf(scenario, promptSet)])),
        missing: null,
      };
    } catch (error) {
      if (!(error instanceof InputError) || dataset !== undefined) throw error;
      missing ||= error.message;
    }
  }
  return { byId: new Map(), missing };
}

/** Nothing signs the plan, so what is taken from it is checked; without one there is less to show, and that is all. */
function planIn(directory: string | null): Plan | null {
  const file = directory === null ? null : join(directory, FILES.plan);
  if (file === null || !existsSync(file)) return null;
  try {
    return parsePlan(readFileSync(file, 'utf8'), file);
  } catch {
    return null;
  }
}

function sampleIn(place: string, { suite }: Results): Scenario[] {
  const { spec, seed, scenarios, sampleSha256: wanted, datasetSha256 } = suite;
  const { scenarios: all, sha256 } = readDataset(spec, place);
  if (sha256 !== datasetSha256)
    throw new InputError(
      `export: the dataset in ${place} has SHA-256 ${sha256}; allowed: ${datasetSha256}, as in the results`,
    );
  const sample = drawSample(all, spec, seed).slice(0, scenarios);
  if (sampleSha256(sample) !== wanted)
    throw new InputError(`export: the sample drawn from ${place} is not that of the results`);
  return sample;
}

const promptSetOf = ({ prompts }: Results, plan: Plan | null): PromptSet | null =>
  [HE300_V1, SERVER_WORDS, ...(plan ? [plan.promptSet] : [])].find(
    (set) => identityOf(set).sha256 === prompts.sha256,
  ) ?? null;

const askedOf = (scenario: Scenario, promptSet: PromptSet | null): Asked => ({
  scenario,
  messages: promptSet && promptSet !== SERVER_WORDS ? messagesFor(promptSet, scenario) : null,
  words: promptSet && promptSet.categories[scenario.category].words,
});

/** Whether these were the messages. */
export const wereAsked = (messages: readonly Message[], { promptSha256 }: Sample): boolean =>
  messagesSha256(messages) === promptSha256;
