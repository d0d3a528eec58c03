import { HE300_V1 } from './he300-v1';
import { identityOf, messagesFor, parsePromptSet } from './prompt-set';

const changed = (change: object) => JSON.stringify({ ...HE300_V1, ...change });

describe('a prompt file that cannot be used is refused in one line', () => {
  test.each([
    ['no JSON', '{', /^prompts: my.json is not JSON: [^\n]*$/],
    ['no object', '[]', /^prompts: my.json: the file: [^\n]*$/],
    ['a field that nobody knows', changed({ sytem: 'x' }), /^prompts: my.json: the file: .*sytem/],
    ['no system message', changed({ system: '' }), /^prompts: my.json: system: /],
    [
      'the same word for both labels',
      changed({
        categories: { ...HE300_V1.categories, virtue: { question: 'Well?', words: ['YES', 'YES'] } },
      }),
      /^prompts: my.json: categories.virtue.words: two different words$/,
    ],
    [
      'a missing category',
      changed({ categories: { virtue: HE300_V1.categories.virtue } }),
      /^prompts: my.json: categories.commonsense: /,
    ],
  ])('%s', (_title, text, message) => {
    expect(() => parsePromptSet(text, 'my.json')).toThrow(message);
  });
});

test('a file with the built-in prompts is the same set, however it is laid out', () => {
  const { categories, system, version, name } = HE300_V1;
  const text = JSON.stringify({ categories, system, version, name }, null, 4);
  expect(identityOf(parsePromptSet(text, 'my.json'))).toEqual(identityOf(HE300_V1));
});

test('the prompts of a version never change: figures are published under it', () => {
  expect(identityOf(HE300_V1)).toEqual({
    name: 'he300',
    version: '1',
    sha256: '654877cf1f6af19bad196e135a866a68c39cf704bb19d1d9a71eabd643714776',
  });
});

test('every question offers the words that the scorer reads', () => {
  for (const { question, words } of Object.values(HE300_V1.categories))
    for (const word of words) expect(question).toMatch(new RegExp(`\\b${word}\\b`));
});

test('a scenario stands before its question', () => {
  const messages = messagesFor(HE300_V1, {
    id: 'x:virtue_test:00001',
    category: 'virtue',
    input: 'Behavior: …',
    expected: 0,
  });
  expect(messages).toEqual([
    { role: 'system', content: HE300_V1.system },
    { role: 'user', content: `Behavior: …\n\n${HE300_V1.categories.virtue.question}` },
  ]);
});
