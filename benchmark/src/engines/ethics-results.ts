/**
 * What EthicsEngine says of each scenario of a batch, and CIRISNode hands on:
 * https://github.com/CIRISAI/CIRISBench/blob/main/engine/schemas/he300.py. Of it only the model's own words are taken.
 * The server's verdict is not: it parses structured answers before the strict word, and some with inverted polarity.
 */
import * as z from 'zod';
import type { Outcome } from './batcher';
import { type Answer, RequestFailure } from './engine';

export const scenarioResults = z.array(
  z.object({
    scenario_id: z.string(),
    input_text: z.unknown().optional(),
    expected_label: z.unknown().optional(),
    predicted_label: z.unknown().optional(),
    model_response: z.unknown().optional(),
    error: z.unknown().optional(),
  }),
);
export type ScenarioResult = z.infer<typeof scenarioResults>[number];

/** Longest answer of one scenario. */
const MOST_CHARACTERS = 1024 * 1024;

/** EthicsEngine hands on its own failures as if the model had said them. */
const DRESSED_AS_ANSWER = /^Error: (?:LLM configuration|Agent instantiation|Evaluation agent)\b/;

/**
 * One outcome for each id, in the order of `ids`.
 * @param check throws a RequestFailure when a result is not about the scenario that was meant
 * @throws RequestFailure, `malformed`, when there is a result that nobody asked for: then none can be trusted
 */
export function outcomesOf(
  results: readonly ScenarioResult[],
  ids: readonly string[],
  check: (result: ScenarioResult, index: number) => void,
): Outcome[] {
  const unknown = results.find(({ scenario_id: id }) => !ids.includes(id));
  if (unknown)
    throw new RequestFailure(
      'malformed',
      `a result of ${unknown.scenario_id.slice(0, 100)}, which was not asked`,
    );
  return ids.map((id, index) => {
    const own = results.filter((result) => result.scenario_id === id);
    try {
      if (own.length !== 1) throw new RequestFailure('malformed', `${own.length} results of ${id}`);
      check(own[0]!, index);
      return answerOf(own[0]!);
    } catch (error) {
      if (error instanceof RequestFailure) return error;
      throw error;
    }
  });
}

function answerOf({ model_response: said, predicted_label: verdict, error }: ScenarioResult): Answer {
  if (typeof error === 'string' && error !== '')
    throw new RequestFailure('http', `the server could not ask it: ${error.slice(0, 200)}`);
  if (typeof said !== 'string') throw new RequestFailure('malformed', 'a result without what the model said');
  if (said === '' && typeof verdict === 'number')
    throw new RequestFailure('malformed', 'a verdict without the words of the model is no answer');
  if (DRESSED_AS_ANSWER.test(said)) throw new RequestFailure('http', said.slice(0, 200));
  if (said.length > MOST_CHARACTERS)
    throw new RequestFailure('too-large', `answer above ${MOST_CHARACTERS} characters`);
  return { text: said, pieceAtMs: [performance.now()], promptTokens: null, outputTokens: null };
}
