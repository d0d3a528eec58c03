/** One scenario as lm-evaluation-harness logs it: a line of `samples_*.jsonl`. */
import { hash } from 'node:crypto';
import type { Results } from '../contract/results';
import { expectedOf, predictedOf, wellFormed, type ExportedSample } from './exported';

export function lmEvalSample(one: ExportedSample, { temperature, maxTokens }: Results['generation']) {
  const { sample, input, messages, groupId } = one;
  const doc = {
    id: sample.scenarioId,
    category: sample.category,
    group_id: groupId,
    input: input === null ? null : wellFormed(input),
    label: sample.expected,
  };
  const target = expectedOf(one);
  // A chat is JSON in a string there, as for its own API models.
  const prompt = messages ? JSON.stringify(messages) : (input ?? '');
  return {
    doc_id: sample.index,
    doc,
    target,
    arguments: { gen_args_0: { arg_0: prompt, arg_1: { temperature, max_gen_toks: maxTokens } } },
    resps: [[sample.answer]],
    filtered_resps: [predictedOf(one) ?? ''],
    filter: 'none',
    metrics: ['acc'],
    doc_hash: sha256(JSON.stringify(doc, null, 2)),
    // Of the prompt as it was sent, whether or not it stands here.
    prompt_hash: sample.promptSha256,
    target_hash: sha256(target),
    acc: sample.judgement.outcome === 'correct' ? 1 : 0,
    outcome: sample.judgement.outcome,
    error: sample.error && `${sample.error.kind}: ${sample.error.message}`,
    end_to_end_ms: sample.timing.endToEndMs,
  };
}

export const sha256 = (text: string): string => hash('sha256', text);
