/** Asks the judge how it reads each answer, after the scored pass. Whatever it says, the rules' reading stands. */
import { hash } from 'node:crypto';
import type { Sample } from '../contract/sample';
import { type Engine, type Question, RequestFailure } from '../engines/engine';
import { InputError } from '../errors';
import { Breaker } from '../load/breaker';
import { Gate } from '../load/gate';
import { pump } from '../load/pump';
import type { PromptSet } from '../prompts/prompt-set';
import type { JudgeLog } from './judge-log';
import { JUDGE_PROMPTS, judgeMessages } from './judge-prompt';

/** Failed requests of one answer before the judge has none to it. */
const MOST_FAILURES = 3;

const MOST_CHARACTERS = 2_000;

export interface JudgePassOptions {
  readonly judge: Engine;
  readonly log: JudgeLog;
  readonly promptSet: PromptSet;
  readonly concurrency: number;
  readonly requestTimeLimitMs: number;
  readonly onProgress: (done: number, total: number) => void;
  readonly stop: AbortSignal;
  /** @default - one that waits a minute for a judge that is gone */
  readonly breaker?: Breaker;
}

export interface JudgePass {
  /** By scenario id; a request that failed is undefined, and what was not asked is not there. */
  readonly replies: ReadonlyMap<string, string | undefined>;
  /** Why the judge was given up; null when it was not. */
  readonly gone: string | null;
}

/** Whether there is something to read. */
export const isReadable = ({ pass, error }: Sample): boolean => pass === 'scored' && error === null;

/** @throws InputError when the log cannot be written, or has a reply to another answer */
export async function judgeAll(samples: readonly Sample[], options: JudgePassOptions): Promise<JudgePass> {
  const { judge, log, promptSet, concurrency, requestTimeLimitMs, onProgress, stop } = options;
  const replies = new Map<string, string | undefined>();
  const readable = samples.filter(isReadable);
  const answers = new Map(readable.map(({ scenarioId, answer }) => [scenarioId, hash('sha256', answer)]));
  for (const { scenarioId, answerSha256, promptsSha256, reply } of log.existing) {
    if (answers.get(scenarioId) !== answerSha256 || promptsSha256 !== JUDGE_PROMPTS.sha256)
      throw new InputError(
        `judge log: the reply on ${scenarioId} is to another answer or other prompts; remove the log`,
      );
    replies.set(scenarioId, reply);
  }
  const left = readable.filter(({ scenarioId }) => !replies.has(scenarioId));

  let next = 0;
  let gone: string | null = null;
  try {
    await pump<Question>({
      engine: judge,
      gate: new Gate(concurrency),
      loops: Math.min(concurrency, left.length),
      next: () => {
        const sample = left[next++];
        return sample && questionOf(sample, promptSet);
      },
      onExchange: ({ question, outcome }) => {
        const { id } = question.scenario;
        const reply = outcome instanceof RequestFailure ? undefined : outcome.text.slice(0, MOST_CHARACTERS);
        replies.set(id, reply);
        if (reply !== undefined)
          log.append({
            schema: 'he300.judge-reply/v1',
            scenarioId: id,
            answerSha256: answers.get(id)!,
            promptsSha256: JUDGE_PROMPTS.sha256,
            reply,
          });
        onProgress(replies.size, readable.length);
      },
      timeLimitMs: requestTimeLimitMs,
      mostFailures: MOST_FAILURES,
      stop,
      breaker: options.breaker ?? new Breaker(),
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    gone = error.message;
  }
  // A log that cannot be written ended the pass too, and is not the judge's doing.
  await log.sync();
  if (gone !== null)
    for (const { scenarioId } of left) if (!replies.has(scenarioId)) replies.set(scenarioId, undefined);
  return { replies, gone };
}

function questionOf(sample: Sample, promptSet: PromptSet): Question {
  const { scenarioId: id, category, expected, answer } = sample;
  const messages = judgeMessages(answer, promptSet.categories[category].words);
  return { scenario: { id, category, expected, input: answer }, messages };
}
