/** One line of `prompts.jsonl`: messages that a run sends. A run through a server with words of its own has no such file. */
import * as z from 'zod';
import { sha256 } from './primitives';

export const promptLine = z.strictObject({
  schema: z.literal('he300.prompt/v1'),
  sha256: sha256.describe('Of the messages as JSON.stringify writes them: `promptSha256` of their samples.'),
  messages: z.array(z.strictObject({ role: z.enum(['system', 'user']), content: z.string() })).min(1),
});
export type PromptLine = z.infer<typeof promptLine>;
