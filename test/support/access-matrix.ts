/** The access matrix of `docs/secrets.md`: which role may do what at which path of Vault. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VAULT_ROLES, type VaultRole } from '../../constructs/naming/names';

/**
 * Letters of the matrix, in the order in which a cell has them: create, read, update, delete, list, patch, and update
 * on condition that the answer is wrapped.
 */
export const LETTERS = 'CRUDLPW';
const NOTHING = '–';
const FILE = join(__dirname, '../../docs/secrets.md');
const SECTION = 'Who may do what';

export interface AccessRow {
  /** Heading of the third level that the row stands under; empty: none. */
  readonly heading: string;
  /** With placeholders, such as `<mount>/data/he300/tls/cert`. */
  readonly path: string;
  /** Letters of what each role may do; empty: nothing. */
  readonly allowed: Readonly<Record<VaultRole, string>>;
}

export const documentedAccess = (): readonly AccessRow[] =>
  accessRows(sectionOf(readFileSync(FILE, 'utf8'), SECTION));

/**
 * Every row of the tables whose first column is called `path`, with `{a,b}` written out.
 * @throws Error when a table does not name every role, a cell holds another letter or order, or a path stands twice
 */
export function accessRows(markdown: string): readonly AccessRow[] {
  const rows = markdown.split(/^(?=### )/m).flatMap((part) => {
    const heading = /^### (.*)$/m.exec(part)?.[1] ?? '';
    return tablesOf(part).flatMap(([header = [], , ...body]) =>
      header[0] === 'path' ? rowsOf(heading, header.slice(1).map(plain), body) : [],
    );
  });
  const paths = rows.map(({ path }) => path);
  const twice = paths.find((path, i) => paths.indexOf(path) < i);
  if (twice !== undefined) throw new Error(`access matrix: ${twice} stands twice`);
  if (rows.length === 0) throw new Error('access matrix: no table whose first column is called path');
  return rows;
}

function rowsOf(
  heading: string,
  roles: readonly string[],
  body: readonly (readonly string[])[],
): AccessRow[] {
  if (roles.join() !== VAULT_ROLES.join())
    throw new Error(`access matrix: columns ${roles.join(', ')}; allowed: ${VAULT_ROLES.join(', ')}`);
  return body.flatMap(([path = '', ...cells]) => {
    const allowed = Object.fromEntries(
      VAULT_ROLES.map((role, i) => [role, lettersOf(cells[i] ?? '', `${role} at ${plain(path)}`)]),
    ) as Record<VaultRole, string>;
    return writtenOut(plain(path)).map((one) => ({ heading, path: one, allowed }));
  });
}

function lettersOf(cell: string, where: string): string {
  if (cell === NOTHING) return '';
  const ordered = [...LETTERS].filter((letter) => cell.includes(letter)).join('');
  if (cell === '' || cell !== ordered)
    throw new Error(
      `access matrix: "${cell}" of ${where}; allowed: ${NOTHING}, or letters of ${LETTERS} in order`,
    );
  return cell;
}

/** `a/{b,c}/d` is `a/b/d` and `a/c/d`. */
export function writtenOut(path: string): readonly string[] {
  const [, before, choices, after] = /^([^{]*)\{([^{}]*)\}(.*)$/.exec(path) ?? [];
  if (choices === undefined) {
    if (/[{}]/.test(path))
      throw new Error(`access matrix: braces of ${path}; allowed: {a,b}, none in another`);
    return [path];
  }
  return choices.split(',').flatMap((choice) => writtenOut(`${before}${choice.trim()}${after}`));
}

/** Rows of cells of each table, the line below the header among them. */
function tablesOf(markdown: string): readonly (readonly (readonly string[])[])[] {
  const blocks = markdown
    .split(/\n(?!\|)/)
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')));
  return blocks.map((lines) =>
    lines.map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ),
  );
}

const plain = (cell: string): string => cell.replaceAll('`', '');

/** From a heading of the second level to the next. @throws Error without it */
function sectionOf(markdown: string, title: string): string {
  const section = markdown.split(/^(?=## )/m).find((part) => part.startsWith(`## ${title}\n`));
  if (section === undefined) throw new Error(`${FILE}: no section "${title}"`);
  return section;
}
