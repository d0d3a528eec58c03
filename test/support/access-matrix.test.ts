import fc from 'fast-check';
import { HOST_API_KEYS, VAULT_PATHS } from '../../benchmark/src/contract/vault';
import { VAULT_ROLES } from '../../constructs/naming/names';
import { accessRows, documentedAccess, writtenOut } from './access-matrix';

const HEADER = `| path | ${VAULT_ROLES.map((role) => `\`${role}\``).join(' | ')} |`;
const LINE = `| --- | ${VAULT_ROLES.map(() => '---').join(' | ')} |`;
const table = (...rows: readonly string[]): string => [HEADER, LINE, ...rows, ''].join('\n');

test.each([
  ['a letter that means nothing', table('| `a` | X | – | – | – | – | – |'), '"X" of deploy at a'],
  ['letters in another order', table('| `a` | – | RC | – | – | – | – |'), '"RC" of host at a'],
  ['a letter twice', table('| `a` | – | RR | – | – | – | – |'), '"RR" of host at a'],
  ['an empty cell', table('| `a` | – | – |  | – | – | – |'), '"" of dashboard at a'],
  ['a cell too few', table('| `a` | – | – | – | – | – |'), '"" of admin at a'],
  [
    'a path twice',
    table('| `a` | R | – | – | – | – | – |', '| `{a,b}` | – | – | – | – | – | – |'),
    'a stands twice',
  ],
  ['a brace in a brace', table('| `{a,{b}}` | – | – | – | – | – | – |'), 'braces of {a,{b}}'],
  [
    'a role that is missing',
    '| path | `deploy` |\n| --- | --- |\n| `a` | R |\n',
    'columns deploy; allowed: deploy, ',
  ],
  [
    'no table of paths',
    '| role | what |\n| --- | --- |\n| `host` | all |\n',
    'no table whose first column is called path',
  ],
])('refuses %s', (_what, markdown, message) => expect(() => accessRows(markdown)).toThrow(message));

test('reads several tables, and none of those that say something else', () => {
  const markdown = `Text.\n\n| role | what |\n| --- | --- |\n| \`x\` | y |\n\n${table('| `a/{b,c}` | CR | – | – | – | – | W |')}\nMore.\n\n${table('| `d` | – | L | – | – | – | – |')}`;
  expect(
    accessRows(markdown).map(({ path, allowed }) => [path, allowed.deploy, allowed.host, allowed.admin]),
  ).toEqual([
    ['a/b', 'CR', '', 'W'],
    ['a/c', 'CR', '', 'W'],
    ['d', '', 'L', ''],
  ]);
});

test('writes out every choice of every brace, and leaves other paths as they are', () => {
  expect(writtenOut('x/{a,b}/{c, d}')).toEqual(['x/a/c', 'x/a/d', 'x/b/c', 'x/b/d']);
  const word = fc.stringMatching(/^[a-z0-9<>/*-]{1,12}$/);
  fc.assert(
    fc.property(word, fc.array(word, { minLength: 1, maxLength: 5 }), word, (before, choices, after) => {
      expect(writtenOut(`${before}{${choices.join(',')}}${after}`)).toEqual(
        choices.map((choice) => `${before}${choice}${after}`),
      );
    }),
  );
});

test('the page says of every secret that the contract knows who may read it', () => {
  const documented = documentedAccess().map(({ path }) => path);
  const { postgres, redis, tlsCert, tlsKey, jwtSigningKey, webhookKey } = VAULT_PATHS;
  const ends = ['test-runner', 'gpu-host'].flatMap((end) => [
    VAULT_PATHS.wireguard(end),
    VAULT_PATHS.tunnelPeer(end),
  ]);
  const keys = Object.values(HOST_API_KEYS).map(VAULT_PATHS.apiKey);
  for (const path of [postgres, redis, tlsCert, tlsKey, jwtSigningKey, webhookKey, ...ends, ...keys])
    for (const part of ['data', 'metadata']) expect(documented).toContain(`<mount>/${part}/${path}`);
});
