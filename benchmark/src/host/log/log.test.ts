import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { HostLog, messageOf } from './host-log';
import { Redactor } from './redactor';
import { Secret } from './secret';

const PEM = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAcanary\n-----END PRIVATE KEY-----\n';

function logWith(...secrets: readonly string[]) {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.know(new Secret(secret));
  const lines: string[] = [];
  return { log: new HostLog({ redactor, write: (line) => lines.push(line) }), lines };
}

test('a secret shows itself to nobody who does not ask for it', () => {
  const secret = new Secret('canary-value');
  const shown = [String(secret), `${secret}`, JSON.stringify({ secret }), inspect({ secret }, { depth: 9 })];
  for (const text of shown) expect(text).not.toContain('canary');
  expect(secret.reveal()).toBe('canary-value');
});

test('a secret is taken out in every form in which another program may have said it', () => {
  const { log, lines } = logWith(
    `whsec_${Buffer.from('canary key!').toString('base64')}`,
    PEM,
    'p@ss/canary+1',
  );
  log.error('failed', {
    url: `https://x/?k=${encodeURIComponent('p@ss/canary+1')}`,
    header: `Basic ${Buffer.from('p@ss/canary+1').toString('base64')}`,
    key: Buffer.from('canary key!').toString('base64'),
    pem: PEM,
    line: 'MC4CAQAwBQYDK2VwBCIEIAcanary',
    error: new Error('outer', { cause: new Error('said p@ss/canary+1') }),
  });
  expect(lines.join('')).not.toMatch(/canary|cEBzcy9jYW5hcnkrM|Y2FuYXJ5IGtleS/);
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'error', error: 'outer: said [secret]' });
});

test('whatever the secrets are, none is left in any text around them', () => {
  const secret = fc
    .string({ minLength: 8, maxLength: 40, unit: 'grapheme' })
    .filter((s) => s.trim().length >= 8);
  fc.assert(
    fc.property(fc.array(secret, { minLength: 1, maxLength: 5 }), fc.string(), (secrets, around) => {
      const redactor = new Redactor();
      for (const value of secrets) redactor.know(new Secret(value));
      const redacted = redactor.redact(secrets.map((value) => `${around} ${value}`).join(' '));
      for (const value of secrets) if (!around.includes(value)) expect(redacted).not.toContain(value);
    }),
  );
});

test('a line of the log is one line of JSON, whatever is in it', () => {
  const { log, lines } = logWith();
  log.phase = 'run';
  log.info('two\nlines', { bytes: '\u0000\u001b[31m' });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', phase: 'run', message: 'two\nlines' });
});

test('fields keep their names, whatever they are called, and errors tell their message', () => {
  const { log, lines } = logWith();
  log.info('an artifact', {
    level: 'x',
    message: 'y',
    name: 'results.json',
    cause: 'x',
    error: AbortSignal.abort().reason as Error,
  });
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: 'info',
    message: 'an artifact',
    name: 'results.json',
    error: 'This operation was aborted',
  });
});

test('the tail holds whole lines, the last ones, and no more characters than asked for', () => {
  const { log, lines } = logWith();
  for (let i = 0; i < 200; i++) log.info(`line ${i}`);
  const tail = log.tail(1_000);
  expect(tail.length).toBeLessThanOrEqual(1_000);
  expect(lines.join('').endsWith(tail)).toBe(true);
  expect(tail).toMatch(/^\{.*line 199.*\n$/s);
});

describe('the file beside it', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-log-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  test('has the same lines', () => {
    const lines: string[] = [];
    const file = join(dir, 'log');
    const log = new HostLog({ redactor: new Redactor(), write: (line) => lines.push(line), file });
    log.info('a');
    log.warn('b');
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
  });

  test('that cannot be written is told of once, and the log goes on', () => {
    const lines: string[] = [];
    const file = join(dir, 'nowhere', 'log');
    const log = new HostLog({ redactor: new Redactor(), write: (line) => lines.push(line), file });
    log.info('a');
    log.info('b');
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
      'a',
      expect.stringContaining('ENOENT'),
      'b',
    ]);
  });
});

test('an error is one line with its causes', () => {
  const refused = Object.assign(new Error(''), { code: 'ECONNREFUSED' });
  expect(messageOf(new TypeError('fetch failed', { cause: refused }))).toBe('fetch failed: ECONNREFUSED');
});
