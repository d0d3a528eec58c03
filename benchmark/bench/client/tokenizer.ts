/** A tokenizer for programs that insist on one: a word is a token. What they would fetch otherwise is not in every machine's reach. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PLAIN = { single_word: false, lstrip: false, rstrip: false, normalized: false };

/** Returns its directory, in the layout of Hugging Face's `tokenizers`. */
export function writeTokenizer(dir: string): string {
  const tokenizer = join(dir, 'tokenizer');
  mkdirSync(tokenizer, { recursive: true });
  const model = { type: 'WordLevel', vocab: { '[UNK]': 0 }, unk_token: '[UNK]' };
  const write = (file: string, value: unknown): void =>
    writeFileSync(join(tokenizer, file), JSON.stringify(value));
  write('tokenizer.json', {
    version: '1.0',
    added_tokens: [{ id: 0, content: '[UNK]', special: true, ...PLAIN }],
    pre_tokenizer: { type: 'Whitespace' },
    model,
  });
  write('tokenizer_config.json', { tokenizer_class: 'PreTrainedTokenizerFast', unk_token: '[UNK]' });
  return tokenizer;
}
