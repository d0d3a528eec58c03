import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleHostConfig } from '../../contract/examples';
import { PHASES, type Phase } from '../../contract/event';
import type { HostConfig } from '../../contract/host-config';
import { StoreDouble } from '../aws/store.double';
import { Host } from '../host';
import { Living } from '../life/live';
import { PHASE_RULES, type PhaseRule } from '../life/rules';
import type { LifeState } from '../life/machine';
import { VaultDouble, type Fault } from '../secrets/vault/vault.double';
import { readSecrets } from './first';

let dir: string;
let vault: VaultDouble;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'he300-first-'));
  vault = new VaultDouble({ secrets: { 'he300/webhook/signing-key': { key: `whsec_${'A'.repeat(43)}=` } } });
  jest.spyOn(globalThis, 'fetch').mockImplementation(vault.fetch);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

const secrets: HostConfig['secrets'] = {
  ...{ kind: 'vault', address: 'https://vault.example.org', namespace: null, mount: 'kv' },
  login: { kind: 'approle', roleId: 'role', wrappedSecretId: 'wrapping-token' },
};

/** As often as a host tries, without its pauses. @param before of each attempt, with its number */
async function lived(before: (attempt: number) => void): Promise<LifeState> {
  const host = new Host(
    { ...exampleHostConfig, cloud: 'lambda-cloud', network: { kind: 'outbound' }, secrets },
    {
      ...{ state: dir, instanceDataPath: '', env: {}, write: () => undefined, keep: false },
      ...{ reportPatienceSeconds: 5, heartbeatSeconds: 30, program: ['node', 'he300'] },
    },
  );
  Object.assign(host, { store: new StoreDouble() });
  host.found.identity = {
    ...{ instanceId: 'i-1', instanceType: null, region: null, market: null },
    ...{ launchedAt: null, publicAddress: null },
  };
  const rules = Object.fromEntries(
    PHASES.map((phase) => [phase, { ...PHASE_RULES[phase], pauseSeconds: 0 }]),
  ) as Record<Phase, PhaseRule>;
  const work = async ({ phase, attempt }: LifeState): Promise<void> => {
    if (phase !== 'secrets') return;
    before(attempt);
    await readSecrets(host);
    await host.reporter?.stop();
  };
  const state = await new Living({ models: 1, rules }, work, host.log).live();
  await host.found.source!.end();
  return state;
}

test.each<[Fault, string]>([
  ['sealed', 'vault: POST sys/wrapping/unwrap at https://vault.example.org: Vault is sealed'],
  ['down', 'vault: POST sys/wrapping/unwrap at https://vault.example.org: fetch failed'],
  [
    'rate-limited',
    'vault: POST sys/wrapping/unwrap at https://vault.example.org: request path "x": rate limit quota exceeded',
  ],
])('a Vault that stays %s is named when the patience is over', async (fault, cause) => {
  vault.fault = fault;
  let attempts = 0;
  const { failure } = await lived((attempt) => (attempts = attempt));
  expect(failure).toEqual({ phase: 'secrets', cause, interrupted: false });
  expect(attempts).toBe(PHASE_RULES.secrets.attempts);
});

test('a host that may read nothing has unwrapped once, and gives its token back', async () => {
  vault.deniesAll = true;
  expect((await lived(() => undefined)).failure?.cause).toMatch(/permission denied; allowed: /);
  expect([vault.count('POST sys/wrapping/unwrap'), vault.live]).toEqual([1, 0]);
});

test('a Vault that is sealed between the login and the reading costs no second secret id', async () => {
  const { fetch } = vault;
  let isSealed = true;
  jest.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    vault.fault = isSealed && String(input).includes('/kv/') ? 'sealed' : undefined;
    return fetch(input, init);
  });
  const { failure } = await lived((attempt) => (isSealed = attempt < 4));
  expect(failure).toBeNull();
  expect([vault.count('POST sys/wrapping/unwrap'), vault.count('POST auth/approle/login')]).toEqual([1, 1]);
  expect(vault.live).toBe(0);
});
