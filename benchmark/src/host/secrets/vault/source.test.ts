import fc from 'fast-check';
import { HOST_SECRETS, tunnelPeerKeys } from '../../../contract/host-config';
import { InputError } from '../../../errors';
import { VaultClient, VaultError, type VaultAuth } from '../../../vault';
import { HostLog } from '../../log/host-log';
import { Redactor } from '../../log/redactor';
import type { Login } from './login';
import { VaultSession } from './session';
import { VaultSource } from './source';
import { VaultDouble, type Fault, type VaultDoubleOptions } from './vault.double';

const { webhookKey, dashboardToken, modelApiKey } = HOST_SECRETS;
const PEER = tunnelPeerKeys('test-runner');
const SECRETS = {
  'he300/webhook/signing-key': { key: 'the-webhook-key' },
  'he300/api-keys/dashboard': { api_key: 'the-dashboard-token' },
};

interface Made {
  readonly vault: VaultDouble;
  readonly session: VaultSession;
  readonly source: VaultSource;
  readonly lines: { level: string; message: string }[];
  readonly journal: string[];
}

interface SourceOptions extends VaultDoubleOptions {
  /** Where the source reads. @default kv */
  readonly mount?: string;
}

/** A source of which each login makes a token: again and again, or once. */
function sourceOf(isRepeatable: boolean, options: SourceOptions = {}): Made {
  const { mount = 'kv' } = options;
  const vault = new VaultDouble({ secrets: SECRETS, ...options });
  const client = new VaultClient({ address: 'http://vault.example.org', fetch: vault.fetch });
  const journal: string[] = [];
  const lines: Made['lines'] = [];
  const redactor = new Redactor();
  const write = (line: string): void => {
    journal.push(line);
    lines.push(JSON.parse(line) as Made['lines'][number]);
  };
  const log = new HostLog({ redactor, write });
  let logins = 0;
  const login: Login = {
    isRepeatable,
    async logIn(): Promise<VaultAuth> {
      if (!isRepeatable && logins > 0) throw new Error('a second login');
      const { auth } = await client.send({ method: 'POST', path: 'auth/aws/login', body: {} });
      logins++;
      return auth!;
    },
    forget: () => undefined,
  };
  const session = new VaultSession({ client, login, redactor, log });
  const source = new VaultSource({ client, session, redactor, mount });
  return { vault, session, lines, journal, source };
}

const read = async ({ source }: Made, ...names: string[]): Promise<Record<string, string>> =>
  Object.fromEntries([...(await source.read(names))].map(([name, secret]) => [name, secret.reveal()]));
const warnings = ({ lines }: Made): string[] =>
  lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

const LOST = 'the token for Vault is lost for good: the run goes on with the secrets it has';

test('what is there is read with one login, and what is not is left out', async () => {
  const made = sourceOf(true);
  expect(await read(made, webhookKey, dashboardToken, modelApiKey, PEER)).toEqual({
    [webhookKey]: 'the-webhook-key',
    [dashboardToken]: 'the-dashboard-token',
  });
  expect(await read(made, webhookKey)).toEqual({ [webhookKey]: 'the-webhook-key' });
  expect(made.vault.count('POST auth/aws/login')).toBe(1);
  expect(made.source.placeOf(webhookKey)).toBe('kv/he300/webhook/signing-key (key)');
});

test.each([[{}], [{ key: '' }], [{ key: 7 }], [{ keys: 'x' }]])(
  'a secret whose field is not there, or is no text, is a fault of who wrote it: %j',
  async (fields) => {
    const made = sourceOf(true, { secrets: { 'he300/webhook/signing-key': fields } });
    await expect(read(made, webhookKey)).rejects.toThrow(
      new InputError('vault: kv/he300/webhook/signing-key: key is no text; allowed: a text in that field'),
    );
  },
);

test('an engine that is not there is no secret that is not there: it is said at once', async () => {
  const reading = read(sourceOf(true, { mount: 'he300-prdo' }), webhookKey);
  await expect(reading).rejects.toThrow(
    new InputError(
      'vault: GET he300-prdo/data/he300/webhook/signing-key at http://vault.example.org: no handler for route ' +
        '"he300-prdo/data/he300/webhook/signing-key". route entry not found.; allowed: the mount of a KV engine, version 2',
    ),
  );
});

test.each(['sealed', 'down', 'rate-limited'] as const)(
  'a Vault that is %s may be well at the next attempt',
  async (fault) => {
    const made = sourceOf(true);
    made.vault.fault = fault;
    await expect(read(made, webhookKey)).rejects.toThrow(VaultError);
    made.vault.fault = undefined;
    expect(await read(made, webhookKey)).toEqual({ [webhookKey]: 'the-webhook-key' });
  },
);

test.each([true, false])(
  'what the policy does not allow is said at once, and costs no login: %s',
  async (isRepeatable) => {
    const made = sourceOf(isRepeatable);
    made.vault.deniesAll = true;
    const denied = read(made, webhookKey);
    await expect(denied).rejects.toThrow(InputError);
    await expect(denied).rejects.toThrow(
      'vault: GET kv/data/he300/webhook/signing-key at http://vault.example.org: 1 error occurred: * permission denied; ' +
        'allowed: what the policy of the host’s role lets it read',
    );
    expect(made.vault.count('POST auth/aws/login')).toBe(1);
    expect(warnings(made)).toEqual([]);
  },
);

describe('a token that is lost', () => {
  test('is replaced by another login, once a read', async () => {
    const made = sourceOf(true);
    await read(made, webhookKey);
    made.vault.revokeAll();
    expect(await read(made, webhookKey)).toEqual({ [webhookKey]: 'the-webhook-key' });
    expect(made.vault.count('POST auth/aws/login')).toBe(2);
    made.vault.revokeAll();
    made.vault.deniesAll = true;
    await expect(read(made, webhookKey)).rejects.toThrow('permission denied');
    expect(made.vault.count('POST auth/aws/login')).toBe(3);
  });

  test('is replaced by one login for those who read at the same time', async () => {
    const made = sourceOf(true);
    await read(made, webhookKey);
    made.vault.revokeAll();
    await Promise.all([read(made, webhookKey), read(made, dashboardToken), read(made, PEER)]);
    expect(made.vault.count('POST auth/aws/login')).toBe(2);
  });

  test('is not lost again by who comes late with it', async () => {
    const { session, vault } = sourceOf(true);
    const old = await session.token();
    session.lose(old);
    const fresh = await session.token();
    session.lose(old);
    expect(await session.token()).toBe(fresh);
    expect(vault.count('POST auth/aws/login')).toBe(2);
  });

  test('of the one login leaves what was read, and one warning', async () => {
    const made = sourceOf(false);
    await read(made, webhookKey, dashboardToken);
    made.vault.revokeAll();
    for (let i = 0; i < 3; i++)
      expect(await read(made, webhookKey, PEER)).toEqual({ [webhookKey]: 'the-webhook-key' });
    expect(warnings(made)).toEqual([LOST]);
    expect(made.vault.count('POST auth/aws/login')).toBe(1);
  });

  test('of the one login before anything was read is the end', async () => {
    const made = sourceOf(false);
    made.vault.fault = 'down';
    await expect(read(made, webhookKey)).rejects.toThrow(VaultError);
    made.vault.fault = undefined;
    made.vault.deniesAll = true;
    await expect(read(made, webhookKey)).rejects.toThrow(InputError);
    made.vault.revokeAll();
    await expect(read(made, webhookKey)).rejects.toThrow(
      new InputError('vault: the token of the one login was lost before a secret was read'),
    );
  });
});

describe('as time goes on', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());
  const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1000);
  const RENEW = 'POST auth/token/renew-self';

  test('a token is renewed at two thirds of its lease, each time', async () => {
    const made = sourceOf(true, { leaseSeconds: 90 });
    await read(made, webhookKey);
    await pass(59);
    expect(made.vault.count(RENEW)).toBe(0);
    await pass(1);
    expect(made.vault.count(RENEW)).toBe(1);
    await pass(600);
    expect(made.vault.count(RENEW)).toBe(11);
    expect(await read(made, webhookKey)).toEqual({ [webhookKey]: 'the-webhook-key' });
    expect(made.vault.count('POST auth/aws/login')).toBe(1);
    expect(warnings(made)).toEqual([]);
  });

  test('a renewal that fails for a while is made up for before the lease ends', async () => {
    const made = sourceOf(false, { leaseSeconds: 90 });
    await read(made, webhookKey);
    made.vault.fault = 'sealed';
    await pass(75);
    made.vault.fault = undefined;
    await pass(20);
    expect(made.vault.live).toBe(1);
    expect(warnings(made)).toEqual(['the token for Vault could not be renewed yet']);
  });

  test('a Vault that is away for longer than a lease has lost the token: one more login, or what was read', async () => {
    for (const isRepeatable of [true, false]) {
      const made = sourceOf(isRepeatable, { leaseSeconds: 90 });
      await read(made, webhookKey);
      made.vault.fault = 'down';
      await pass(300);
      made.vault.fault = undefined;
      expect(await read(made, webhookKey)).toEqual({ [webhookKey]: 'the-webhook-key' });
      expect(made.vault.count('POST auth/aws/login')).toBe(isRepeatable ? 2 : 1);
      expect(warnings(made).filter((message) => message === LOST)).toHaveLength(isRepeatable ? 0 : 1);
    }
  });

  test('a token that cannot be renewed is used until its lease ends', async () => {
    const made = sourceOf(true, { leaseSeconds: 90, renewable: false });
    await read(made, webhookKey);
    await pass(89);
    await read(made, webhookKey);
    expect(made.vault.count('POST auth/aws/login')).toBe(1);
    await pass(2);
    await read(made, webhookKey);
    expect([made.vault.count(RENEW), made.vault.count('POST auth/aws/login')]).toEqual([0, 2]);
  });

  test('nothing is renewed after the end', async () => {
    const made = sourceOf(true, { leaseSeconds: 90 });
    await read(made, webhookKey);
    await made.source.end();
    await pass(1_000);
    expect(made.vault.count(RENEW)).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('at the end', () => {
  test('the token is given back, and nothing is read any more', async () => {
    const made = sourceOf(true);
    await read(made, webhookKey);
    await made.source.end();
    expect(made.vault.live).toBe(0);
    await expect(read(made, webhookKey)).rejects.toThrow('vault: the host has given its token back');
    expect(made.vault.count('POST auth/aws/login')).toBe(1);
  });

  test('a Vault that does not take it back is a warning', async () => {
    const made = sourceOf(true);
    await read(made, webhookKey);
    made.vault.fault = 'sealed';
    await made.source.end();
    expect(warnings(made)).toEqual(['the token for Vault could not be given back: it ends with its lease']);
  });

  test('a host that never logged in has nothing to give back', async () => {
    const made = sourceOf(true);
    await made.source.end();
    expect(made.vault.asked).toEqual([]);
  });

  test('a login that is still under way is given back when it is done', async () => {
    const made = sourceOf(true);
    const reading = read(made, webhookKey).catch(() => undefined);
    await made.source.end();
    await reading;
    expect(made.vault.live).toBe(0);
  });
});

test('whatever happens in whatever order, a read gives what there is or fails, and the end leaves no token', async () => {
  const action = fc.oneof(
    ...(['sealed', 'down', 'rate-limited'] as const).map((fault) => fc.constant<Fault | 'well'>(fault)),
    fc.constantFrom('well', 'read', 'read', 'read', 'lose', 'forbid', 'allow' as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(action, { maxLength: 25 }), async (isRepeatable, actions) => {
      const made = sourceOf(isRepeatable);
      const { vault } = made;
      for (const what of actions) {
        if (what === 'read')
          await read(made, webhookKey).then(
            (found) => expect(found).toEqual({ [webhookKey]: 'the-webhook-key' }),
            (error: unknown) => {
              const isWell = vault.fault === undefined && !vault.deniesAll;
              if (isWell && isRepeatable) throw error;
              expect([InputError, VaultError]).toContain((error as Error).constructor);
            },
          );
        else if (what === 'lose') vault.revokeAll();
        else if (what === 'forbid' || what === 'allow') vault.deniesAll = what === 'forbid';
        else vault.fault = what === 'well' ? undefined : what;
      }
      vault.fault = undefined;
      await made.source.end();
      expect(vault.live).toBe(0);
      expect(warnings(made).filter((message) => message === LOST).length).toBeLessThanOrEqual(1);
      expect(made.journal.join('')).not.toMatch(/token-\d|the-webhook-key/);
    }),
    { numRuns: 300 },
  );
});
