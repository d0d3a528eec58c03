/** Leaves out what a reasoning model thinks aloud before its answer. */

const TAG = /<(\/?)(?:think|thinking|reasoning)>/gi;

/**
 * The text without `<think>…</think>` and its like. Some chat templates write the opening tag themselves, so a closing
 * tag without one ends the thinking too; thinking that was cut off leaves no answer.
 */
export function visibleAnswer(text: string): string {
  if (!text.includes('<')) return text.trim();
  let visible = '';
  let thinking = false;
  let from = 0;
  for (const { 0: tag, 1: slash, index } of text.matchAll(TAG)) {
    if (!thinking) visible = slash ? '' : visible + text.slice(from, index);
    thinking = !slash;
    from = index + tag.length;
  }
  return (thinking ? visible : visible + text.slice(from)).trim();
}
