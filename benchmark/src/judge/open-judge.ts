/** The judge model's server: any that speaks OpenAI's chat completions. */
import * as z from 'zod';
import type { Engine } from '../engines/engine';
import { serverAddress } from '../engines/http/server-address';
import { InputError } from '../errors';
import { JUDGE_GENERATION } from './judge-prompt';

/** The variable that holds the key of the judge's server; the key of the model's server is never sent there. */
export const JUDGE_KEY_VARIABLE = 'HE300_JUDGE_API_KEY';

export const judgeOptions = z.strictObject({
  url: z.url(),
  model: z.string().min(1).max(200),
  concurrency: z.int().positive(),
});
export type JudgeOptions = z.infer<typeof judgeOptions>;

/** @throws InputError when it is not there or lacks the model */
export async function openJudge({ url, model }: JudgeOptions): Promise<Engine> {
  const baseUrl = serverAddress(url, 'judge: --judge-url', JUDGE_KEY_VARIABLE);
  const { OpenAiEngine } = await import('../engines/openai');
  const apiKey = process.env[JUDGE_KEY_VARIABLE] || undefined;
  const judge = new OpenAiEngine({
    baseUrl,
    model,
    generation: JUDGE_GENERATION,
    ...(apiKey === undefined ? {} : { apiKey }),
  });
  try {
    await judge.describe();
    return judge;
  } catch (error) {
    await judge.close();
    throw error instanceof InputError ? new InputError(`judge: ${error.message}`) : error;
  }
}
