import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentFields } from '../../environments/schema';
import { environmentDocs } from './environment-docs';

test('docs/environments.md says what the schema says; `npm run docs` writes it', () => {
  expect(readFileSync(join(__dirname, '../../docs/environments.md'), 'utf8')).toBe(environmentDocs());
});

test('every field is there', () => {
  const rows = environmentDocs()
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  for (const name of Object.keys(environmentFields.shape))
    expect(rows.some((row) => new RegExp(`^\\| \`${name}\\b`).test(row))).toBe(true);
});
