import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { EnvironmentError } from '../../environments/check';
import { CliError, execute, type CliMain } from './cli';

const spec = {
  name: 'cost',
  summary: 'price of a run before it is launched',
  usage: 'npm run cost -- <env> [options]',
  options: {
    hours: { type: 'string', value: 'N', default: '2', help: 'how long the host lives' },
    verbose: { type: 'boolean', short: 'v', help: 'say more' },
  },
  positionals: ['<env>'],
} as const;

async function call(argv: string[], main: CliMain<typeof spec.options> = async () => undefined) {
  const text = { stdout: '', stderr: '' };
  const code = await execute(spec, main, argv, {
    stdout: (t) => void (text.stdout += t),
    stderr: (t) => void (text.stderr += t),
    onInterrupt: () => undefined,
  });
  return { code, ...text };
}

const main: CliMain<typeof spec.options> = async ({ values, positionals }, out) => {
  out.progress('asking for prices');
  out.print(`${positionals[0]}: ${values.hours} hours`);
  out.result({ env: positionals[0], hours: Number(values.hours) });
};

describe('a wrong call is refused in one line with exit code 2', () => {
  test.each([
    ['an unknown option', ['dev', '--hour', '3'], "cost: unknown option '--hour'; see --help\n"],
    ['a missing argument', [], 'cost: missing argument <env>; see --help\n'],
    ['an argument too many', ['dev', 'prod'], "cost: unexpected argument 'prod'; see --help\n"],
    ['a missing value', ['dev', '--hours'], "cost: option '--hours <value>' argument missing; see --help\n"],
  ])('%s', async (_title, argv, stderr) => {
    const never = jest.fn();
    expect(await call(argv, never)).toEqual({ code: 2, stdout: '', stderr });
    expect(never).not.toHaveBeenCalled();
  });
});

describe('a failure', () => {
  const failing = (error: unknown) => call(['dev'], () => Promise.reject(error));

  test('that was expected is one line and its own exit code', async () => {
    expect(await failing(new CliError('price above the cap', 3))).toEqual({
      code: 3,
      stdout: '',
      stderr: 'cost: price above the cap\n',
    });
  });

  test('of the environment names the script on each of its lines', async () => {
    const { code, stderr } = await failing(new EnvironmentError('dev.ts: a\ndev.ts: b'));
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'cost: dev.ts: a\ncost: dev.ts: b\n' });
  });

  test('nobody expected keeps its stack and exits 70', async () => {
    const { code, stderr } = await failing(new TypeError('x is not a function'));
    expect(code).toBe(70);
    expect(stderr).toMatch(/^cost: unexpected error\nTypeError: x is not a function\n {4}at /);
  });
});

describe('output', () => {
  test('is for people without --json', async () => {
    expect(await call(['dev'], main)).toEqual({
      code: 0,
      stdout: 'dev: 2 hours\n',
      stderr: 'asking for prices\n',
    });
  });

  test('with --json is nothing but one line of JSON, and progress still goes to stderr', async () => {
    const { stdout, stderr } = await call(['dev', '--json', '--hours', '5'], main);
    expect(stdout).toBe('{"env":"dev","hours":5}\n');
    expect(stderr).toBe('asking for prices\n');
  });

  test('of --help wins over a missing argument and lists every option', async () => {
    const { code, stdout } = await call(['-h'], main);
    expect(code).toBe(0);
    expect(stdout).toContain('usage: npm run cost -- <env> [options]');
    expect(stdout).toContain('--hours N      how long the host lives (default 2)');
    expect(stdout).toContain('-v, --verbose');
    expect(stdout).toContain('--json');
  });

  test('carries the exit code that the script returns', async () => {
    expect((await call(['dev'], async () => 4)).code).toBe(4);
  });
});

test('Ctrl-C finishes what was registered, then exits with 130', async () => {
  const script = `
    const { runCli } = require('./ops/lib/cli.ts');
    runCli({ name: 'x', summary: '', usage: '' }, async (_args, out) => {
      out.onInterrupt(() => out.print('cleaned up'));
      out.print('ready');
      await new Promise((never) => setInterval(() => never, 60_000));
    });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', script]);
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    if (stdout === 'ready\n') child.kill('SIGINT');
  });
  const [code] = await once(child, 'close');
  expect({ code, stdout }).toEqual({ code: 130, stdout: 'ready\ncleaned up\n' });
});
