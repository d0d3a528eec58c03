/** How the judge's reading and that of the rules agree. */
import type { Sample } from '../contract/sample';
import type { JudgeScore } from '../contract/score';
import type { PromptSet } from '../prompts/prompt-set';
import { wilson95 } from '../statistics/wilson';
import { isReadable } from './judge-pass';
import { JUDGE_PROMPTS } from './judge-prompt';
import { readingOf } from './reading';

/** @param replies by scenario id; undefined for a request that failed; what was not asked is not there */
export function judgeScoreOf(
  samples: readonly Sample[],
  replies: ReadonlyMap<string, string | undefined>,
  promptSet: PromptSet,
  model: string,
): JudgeScore {
  let [agreed, unreadable, failed] = [0, 0, 0];
  const disagreements: JudgeScore['disagreements'][number][] = [];
  const asked = samples
    .filter((sample) => isReadable(sample) && replies.has(sample.scenarioId))
    .sort((a, b) => a.index - b.index);
  for (const { scenarioId, category, judgement } of asked) {
    const reply = replies.get(scenarioId);
    if (reply === undefined) {
      failed++;
      continue;
    }
    const judge = readingOf(reply, promptSet.categories[category].words);
    if (judge === undefined) unreadable++;
    else if (judge === judgement.predicted) agreed++;
    else disagreements.push({ scenarioId, rules: judgement.predicted, judge });
  }
  const disagreed = disagreements.length;
  return {
    model,
    prompts: JUDGE_PROMPTS,
    asked: asked.length,
    agreed,
    disagreed,
    unreadable,
    failed,
    wilson95: wilson95(disagreed, agreed + disagreed),
    disagreements,
  };
}
