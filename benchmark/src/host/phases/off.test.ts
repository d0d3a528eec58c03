import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleHostConfig } from '../../contract/examples';
import { StoreDouble } from '../aws/store.double';
import { Host } from '../host';
import { BORN } from '../life/machine';
import { VaultDouble } from '../secrets/vault/vault.double';
import { readSecrets } from './first';
import { off } from './off';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'he300-off-'))));
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

test('what cannot be removed of a token keeps no host up, and Vault has forgotten the token', async () => {
  const vault = new VaultDouble({
    secrets: { 'he300/webhook/signing-key': { key: `whsec_${'A'.repeat(43)}=` } },
  });
  jest.spyOn(globalThis, 'fetch').mockImplementation(vault.fetch);
  const [programs, lines]: [string[], string[]] = [[], []];
  const host = new Host(
    {
      ...{ ...exampleHostConfig, cloud: 'lambda-cloud', network: { kind: 'outbound' }, dashboardUrl: null },
      secrets: {
        ...{ kind: 'vault', address: 'https://vault.example.org', namespace: null, mount: 'kv' },
        login: { kind: 'approle', roleId: 'role', wrappedSecretId: vault.wrapped },
      },
    },
    {
      ...{ state: join(dir, 'state'), instanceDataPath: '', env: { RUNTIME_DIRECTORY: dir }, keep: false },
      ...{ reportPatienceSeconds: 5, heartbeatSeconds: 30, program: ['node', 'he300'] },
      write: (line) => void lines.push(line),
      run: (...program) => {
        programs.push(program.join(' '));
        return Promise.resolve({ code: 0, stdout: '', stderr: '' });
      },
    },
  );
  Object.assign(host, { store: new StoreDouble() });
  host.found.identity = {
    ...{ instanceId: 'i-1', instanceType: null, region: null, market: null },
    ...{ launchedAt: null, publicAddress: null },
  };
  // A directory of the file's name can neither be written as one nor removed as one.
  mkdirSync(join(dir, 'vault-token'));
  await readSecrets(host);
  await off(host, { ...BORN, phase: 'off' }, new AbortController().signal);
  expect(vault.live).toBe(0);
  expect(vault.count('POST auth/token/revoke-self')).toBe(1);
  expect(lines.join('')).toContain('the host leaves something of its secrets behind');
  expect(programs).toEqual(['systemctl --no-block poweroff']);
  expect(existsSync(join(dir, 'vault-token'))).toBe(true);
});
