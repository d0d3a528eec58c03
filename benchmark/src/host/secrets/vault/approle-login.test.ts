import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../../errors';
import { VaultError } from '../../../vault';
import { Redactor } from '../../log/redactor';
import { AppRoleLogin, type AppRoleLoginOptions } from './approle-login';
import { VaultDouble } from './vault.double';

const UNWRAP = 'POST sys/wrapping/unwrap';
const LOGIN = 'POST auth/approle/login';
const USED =
  'secret id already used: vault: POST sys/wrapping/unwrap at http://vault.example.org: ' +
  'wrapping token is not valid or does not exist: somebody else unwrapped it, or it expired before this host came to it';

let dir: string;
let vault: VaultDouble;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'he300-approle-'));
  vault = new VaultDouble();
});
afterEach(() => rmSync(dir, { recursive: true }));

const login = (more: Partial<AppRoleLoginOptions> = {}): AppRoleLogin =>
  new AppRoleLogin({
    ...{ place: { address: 'http://vault.example.org', fetch: vault.fetch }, redactor: new Redactor() },
    ...{ roleId: 'role', wrappedSecretId: vault.wrapped },
    ...{ usedPath: join(dir, 'used'), tryingPath: join(dir, 'trying') },
    ...more,
  });

test('a secret id that somebody else has unwrapped is an alarm, and is not asked for again', async () => {
  vault.unwrapAsSomebodyElse();
  const refused = login().logIn();
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toThrow(new InputError(USED));
  expect(vault.asked).toEqual([UNWRAP]);
});

test.each(['sealed', 'rate-limited', 'down'] as const)(
  'a Vault that is %s has used nothing, and the next attempt logs in',
  async (fault) => {
    const patient = login();
    vault.fault = fault;
    await expect(patient.logIn()).rejects.toThrow(VaultError);
    vault.fault = undefined;
    expect((await patient.logIn()).token).toBe('token-1');
    expect(vault.asked).toEqual([UNWRAP, LOGIN]);
  },
);

test('a login that fails after the unwrapping is tried again with the secret id that there is', async () => {
  const patient = login();
  const { fetch } = vault;
  let isSealed = true;
  const place = {
    address: 'http://vault.example.org',
    fetch: ((input: URL, init) => {
      if (isSealed && input.pathname.endsWith('/login')) vault.fault = 'sealed';
      return fetch(input, init).finally(() => (vault.fault = undefined));
    }) as typeof globalThis.fetch,
  };
  const interrupted = login({ place });
  await expect(interrupted.logIn()).rejects.toThrow('Vault is sealed');
  isSealed = false;
  expect((await interrupted.logIn()).token).toBe('token-1');
  expect(vault.count(UNWRAP)).toBe(1);
  expect(patient.isRepeatable).toBe(false);
});

test('an answer that was lost may have been the unwrapping: the alarm says that too', async () => {
  const patient = login();
  vault.fault = 'answer-lost';
  await expect(patient.logIn()).rejects.toThrow(VaultError);
  vault.fault = undefined;
  await expect(patient.logIn()).rejects.toThrow(
    new InputError(`${USED}, or this host did, and the answer was lost`),
  );
});

test('what Vault refuses is one line that names what a secret id is good for', async () => {
  vault.unwrapAsSomebodyElse();
  const stale = login();
  Object.assign(stale, { secretId: { reveal: () => 'of yesterday' } });
  await expect(stale.logIn()).rejects.toThrow(
    /^vault: POST auth\/approle\/login at \S+: invalid role or secret ID; the secret id is good for one login/,
  );
});

describe('a supervisor that is started again', () => {
  const keptTokenPath = (): string => join(dir, 'token');

  test('goes on with the token, which stands in a file of its owner and is removed at the end', async () => {
    const first = login({ keptTokenPath: keptTokenPath() });
    const { token } = await first.logIn();
    expect(readFileSync(keptTokenPath(), 'utf8')).toBe(token);
    expect(statSync(keptTokenPath()).mode & 0o777).toBe(0o600);

    const second = login({ keptTokenPath: keptTokenPath() });
    expect(await second.logIn()).toEqual({ token, policies: ['host'], leaseSeconds: 60, renewable: true });
    expect([vault.count(UNWRAP), vault.count(LOGIN)]).toEqual([1, 1]);
    second.forget();
    expect(readdirSync(dir)).toEqual(['used']);
  });

  test('without the token does not raise the alarm for what it did itself', async () => {
    await login().logIn();
    await expect(login().logIn()).rejects.toThrow(
      new InputError(
        'vault: the host was started again without the token of its one login; its secret id was good once',
      ),
    );
    expect(vault.count(UNWRAP)).toBe(1);
  });

  test('after one that was killed while it asked says that this host itself may have done it', async () => {
    const { fetch } = vault;
    const asked = new Promise<void>((resolve) => {
      const place = {
        address: 'http://vault.example.org',
        fetch: ((input, init) => {
          void fetch(input, init);
          resolve();
          return new Promise<never>(() => undefined);
        }) as typeof globalThis.fetch,
      };
      void login({ place }).logIn();
    });
    await asked;
    await expect(login().logIn()).rejects.toThrow(
      new InputError(`${USED}, or this host did, and the answer was lost`),
    );
    expect(vault.count(UNWRAP)).toBe(2);
  });

  test.each(['sealed', 'rate-limited'] as const)(
    'after one to which Vault said that it is %s does not take the alarm on itself',
    async (fault) => {
      vault.fault = fault;
      await expect(login().logIn()).rejects.toThrow(VaultError);
      vault.fault = undefined;
      vault.unwrapAsSomebodyElse();
      await expect(login().logIn()).rejects.toThrow(new InputError(USED));
    },
  );

  test('whose token is no good any more says so', async () => {
    await login({ keptTokenPath: keptTokenPath() }).logIn();
    vault.revokeAll();
    const second = login({ keptTokenPath: keptTokenPath() });
    await expect(second.logIn()).rejects.toThrow('vault: the host was started again without the token');
    expect(vault.count(UNWRAP)).toBe(1);
  });

  test('while Vault is down waits, and does not take the token for lost', async () => {
    await login({ keptTokenPath: keptTokenPath() }).logIn();
    const second = login({ keptTokenPath: keptTokenPath() });
    vault.fault = 'down';
    await expect(second.logIn()).rejects.toThrow(VaultError);
    vault.fault = undefined;
    expect((await second.logIn()).token).toBe('token-1');
  });
});

test('a disk that takes nothing does not cost what is good once', async () => {
  const nowhere = join(dir, 'file');
  writeFileSync(nowhere, '');
  const more = { usedPath: join(nowhere, 'used'), tryingPath: join(nowhere, 'trying') };
  expect((await login({ ...more, keptTokenPath: join(nowhere, 'token') }).logIn()).token).toBe('token-1');
});

test('neither the wrapping token nor the secret id can be logged', async () => {
  const redactor = new Redactor();
  await login({ redactor }).logIn();
  expect(redactor.redact(`${vault.wrapped} a-secret-id`)).toBe('[secret] [secret]');
});
