/** What a Vault of the tests leaves when it does not come up, and what it gets of the machine's own. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tool } from '../../ops/lib/tool';
import { HostVault } from './host-vault';
import { VaultServer } from './vault';
import { canaries } from './vm/secrets';

/** Writes down how it was started, listens where Vault would, says that it is open, and refuses whatever else it is asked. */
const REFUSING = `
const [, host, port] = /-dev-listen-address=([^:]+):(\\d+)/.exec(process.argv.join(' '));
require('node:http')
  .createServer(({ url }, response) => {
    response.statusCode = url === '/v1/sys/seal-status' ? 200 : 400;
    response.end('{}');
  })
  .listen(Number(port), host);
`;
const FAILING = 'process.exitCode = 1';

interface Seen {
  readonly pid: number;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'he300-vault-test-'))));
afterEach(() => {
  delete process.env['VAULT_NAMESPACE'];
  rmSync(dir, { recursive: true });
});

function program(script: string): Tool {
  const path = join(dir, 'vault');
  const seen = `{ pid: process.pid, cwd: process.cwd(), env: process.env }`;
  const first = `require('node:fs').writeFileSync('${join(dir, 'seen')}', JSON.stringify(${seen}));`;
  writeFileSync(path, `#!${process.execPath}\n${first}\n${script}\n`, { mode: 0o755 });
  return { path, version: '1.21.0', how: 'PATH' };
}
const seen = (): Seen => JSON.parse(readFileSync(join(dir, 'seen'), 'utf8')) as Seen;
const isThere = (pid: number): boolean => existsSync(`/proc/${pid}`);

test('one that ends at its start leaves no directory', async () => {
  await expect(VaultServer.start(program(FAILING))).rejects.toThrow('vault ended with exit code 1');
  expect(existsSync(seen().cwd)).toBe(false);
});

test('one that hosts cannot be let into leaves neither a process nor a directory', async () => {
  const secrets = canaries();
  const emulator = { endpoint: 'http://127.0.0.1:1' };
  await expect(HostVault.start({ tool: program(REFUSING), emulator, secrets })).rejects.toThrow('HTTP 400');
  const { pid, cwd } = seen();
  expect([isThere(pid), existsSync(cwd)]).toEqual([false, false]);
});

test('the machine’s own Vault is none of its business', async () => {
  process.env['VAULT_NAMESPACE'] = 'of-the-machine';
  const server = await VaultServer.start(program(REFUSING));
  const { env } = seen();
  await server.stop();
  expect(Object.keys(env).filter((name) => name.startsWith('VAULT_'))).toEqual([
    'VAULT_DISABLE_USER_LOCKOUT',
  ]);
  expect(env['PATH']).toBe(process.env['PATH']);
});
