/** `prompts.jsonl`: what a run asks, word for word, so that whoever reads its answers needs no dataset. */
import type { PromptLine } from '../contract/prompt';
import type { Scenario } from '../contract/suite';
import { messagesFor, messagesSha256, type PromptSet } from '../prompts/prompt-set';

/** In the order of the sample; scenarios that are asked in the same words share a line. */
export function promptsFile(promptSet: PromptSet, sample: readonly Scenario[]): string {
  const lines = new Map<string, PromptLine>();
  for (const scenario of sample) {
    const messages = messagesFor(promptSet, scenario);
    const sha256 = messagesSha256(messages);
    lines.set(sha256, { schema: 'he300.prompt/v1', sha256, messages: [...messages] });
  }
  return [...lines.values()].map((line) => `${JSON.stringify(line)}\n`).join('');
}
