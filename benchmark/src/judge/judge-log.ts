/** What the judge replied, a line each, so that a resumed run asks it nothing twice. */
import * as z from 'zod';
import { scenarioId, sha256 } from '../contract/primitives';
import { LineLog, type LogKind } from '../run/line-log';

const judgeReply = z.strictObject({
  schema: z.literal('he300.judge-reply/v1'),
  scenarioId,
  answerSha256: sha256.describe('Of the answer that it read.'),
  promptsSha256: sha256.describe('Of what it was asked.'),
  reply: z.string().max(2_000).describe('The judge’s text, cut at 2,000 characters.'),
});
export type JudgeReply = z.infer<typeof judgeReply>;

const KIND: LogKind<JudgeReply> = {
  name: 'judge log',
  entry: 'reply',
  schema: judgeReply,
  keyOf: (reply) => reply.scenarioId,
};

export type JudgeLog = LineLog<JudgeReply>;

/** Creates the log, or continues it. @throws InputError when a line of it is no reply */
export const openJudgeLog = (path: string): JudgeLog => LineLog.open(path, KIND);
