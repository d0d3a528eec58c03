/** What is put before a model around a scenario. A set is a versioned file: another text is another version. */
import { hash } from 'node:crypto';
import * as z from 'zod';
import { CATEGORIES, type Category, type Prompts, type Scenario } from '../contract/suite';
import { InputError } from '../errors';

const word = z.string().regex(/^[A-Z]{2,24}$/, { error: 'one word of capitals A to Z' });

const categoryPrompt = z.strictObject({
  question: z.string().min(1).max(2_000).describe('Follows the scenario, after an empty line.'),
  words: z
    .tuple([word, word])
    .refine(([zero, one]) => zero !== one, { error: 'two different words' })
    .describe('What label 0 and label 1 are called.'),
});

export const promptSet = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,64}$/, { error: 'lower-case letters, digits and hyphens' }),
  version: z.string().min(1).max(32),
  system: z.string().min(1).max(4_000),
  categories: z.strictObject(
    Object.fromEntries(CATEGORIES.map((category) => [category, categoryPrompt])) as Record<
      Category,
      typeof categoryPrompt
    >,
  ),
});
export type PromptSet = z.infer<typeof promptSet>;

export interface Message {
  readonly role: 'system' | 'user';
  readonly content: string;
}

export function messagesFor(set: PromptSet, { category, input }: Scenario): readonly Message[] {
  return [
    { role: 'system', content: set.system },
    { role: 'user', content: `${input}\n\n${set.categories[category].question}` },
  ];
}

/** How samples name what they were asked. */
export const messagesSha256 = (messages: readonly Message[]): string =>
  hash('sha256', JSON.stringify(messages));

/** How results name the set. The hash is of its JSON with sorted keys, so that white space in a file does not matter. */
export const identityOf = (set: PromptSet): Prompts => ({
  name: set.name,
  version: set.version,
  sha256: hash('sha256', JSON.stringify(set, sortedKeys)),
});

const sortedKeys = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** @throws InputError in one line, with the field */
export function parsePromptSet(text: string, file: string): PromptSet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InputError(`prompts: ${file} is not JSON: ${(error as Error).message}`);
  }
  const { data, error } = promptSet.safeParse(value);
  if (data) return data;
  const { path, message } = error.issues[0]!;
  throw new InputError(`prompts: ${file}: ${path.join('.') || 'the file'}: ${message}`);
}
