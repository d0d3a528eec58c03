/** One scenario as Inspect AI logs it. */
import type { Sample } from '../contract/sample';
import { expectedOf, predictedOf, type ExportedSample } from './exported';

export const SCORER = 'he300';

/** Inspect's marks: correct, incorrect, no answer. The last two count as 0. */
const VALUES = { correct: 'C', wrong: 'I', unknown: 'N', error: 'N' } as const;

export function inspectSample(one: ExportedSample, model: string) {
  const { sample, input, messages, rescored, groupId } = one;
  const { timing, error, judgement } = sample;
  const answer = { role: 'assistant', content: sample.answer, source: 'generate', model };
  const seconds = timing.endToEndMs / 1000;
  const usage = usageOf(sample);
  return {
    id: sample.scenarioId,
    epoch: 1,
    input: input ?? sample.scenarioId,
    target: expectedOf(one),
    messages: [
      ...(messages ?? (input === null ? [] : [{ role: 'user', content: input }])),
      ...(error ? [] : [answer]),
    ],
    output: {
      model,
      choices: error ? [] : [{ message: answer, stop_reason: 'unknown' }],
      completion: sample.answer,
      ...(usage ? { usage } : {}),
      time: seconds,
      ...(error ? { error: `${error.kind}: ${error.message}` } : {}),
    },
    scores: {
      [SCORER]: {
        value: VALUES[judgement.outcome],
        answer: predictedOf(one),
        explanation:
          judgement.rule === null ? `outcome: ${judgement.outcome}` : `read by the rule: ${judgement.rule}`,
        ...reasonOf(sample),
      },
    },
    metadata: {
      ...{ category: sample.category, group_id: groupId, index: sample.index, outcome: judgement.outcome },
      ...{ rule: judgement.rule, attempts: sample.attempts, concurrency: sample.concurrency },
      ...{
        queue_ms: timing.queueMs,
        first_token_ms: timing.firstTokenMs,
        prompt_sha256: sample.promptSha256,
      },
      rescored: rescored && { outcome: rescored.judgement.outcome, answer: rescored.answer },
    },
    started_at: timing.scheduledAt,
    completed_at: new Date(Date.parse(timing.scheduledAt) + timing.endToEndMs).toISOString(),
    total_time: seconds,
    working_time: seconds,
    ...(usage ? { model_usage: { [model]: usage } } : {}),
    ...(error
      ? { error: { message: `${error.kind}: ${error.message}`, traceback: '', traceback_ansi: '' } }
      : {}),
  };
}

function usageOf({ promptTokens, outputTokens }: Sample) {
  if (promptTokens === null || outputTokens === null) return null;
  return {
    input_tokens: promptTokens,
    output_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
  };
}

/** In the words that Inspect has for it. */
function reasonOf({ judgement, answer }: Sample): { reason?: string } {
  if (judgement.outcome === 'error') return { reason: 'no_response' };
  if (judgement.outcome === 'unknown')
    return { reason: answer.trim() === '' ? 'no_response' : 'invalid_response_format' };
  return {};
}
