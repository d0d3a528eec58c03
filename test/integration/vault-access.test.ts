/**
 * The access matrix of `docs/secrets.md`, tried on a real Vault that two environments' stacks were put on: every role logs
 * in as it does in life, and sends every kind of request to every path.
 */
import { namesOf, VAULT_ROLES, type VaultRole } from '../../constructs/naming/names';
import { documentedAccess, type AccessRow } from '../support/access-matrix';
import { describeWithTools } from '../support/skip';
import { Attempts } from '../support/vault-attempts';
import { VaultPaths } from '../support/vault-paths';
import { withVaultWorld, type WithVault } from '../support/vault-world';

const ANOTHER = 'something-else';
/** Tables that hold for some environments only; in others nobody may do anything there. */
const CONDITIONS: Readonly<Record<string, (env: WithVault) => boolean>> = {
  'What the environments of a Vault share': ({ secrets }) => secrets.shared === 'create',
  "A Vault of the environment's own": ({ secrets }) => secrets.server !== undefined,
};
const OWN_TOKEN = /^auth\/token\/(renew|revoke)-self$/;
const NOTHING = 'nothing';
const LIMIT_MS = 300_000;

const matrix = documentedAccess();
const headings = [...new Set(matrix.map(({ heading }) => heading))];

describeWithTools(['vault', 'postgres', 'moto'], 'what Vault allows', (tools) => {
  const world = withVaultWorld(tools);
  let paths: VaultPaths;
  let attempts: Attempts;

  beforeAll(async () => {
    const { vault, prod, staging } = world();
    paths = await VaultPaths.of(vault);
    attempts = new Attempts(
      vault,
      [prod, staging].map(({ secrets }) => secrets.mount),
      (path) => paths.makesApart(path),
    );
  });

  /** Both environments' stacks as they were, whatever attempts have removed. */
  const restore = async (): Promise<void> => {
    attempts.touched = false;
    await world().apply(world().prod);
    await world().apply(world().staging);
  };

  /** What whoever logs in so may do at each path, as a line each. */
  async function tried(login: () => Promise<string>, at: readonly string[]): Promise<string[]> {
    const lines: string[] = [];
    let token = await login();
    for (const path of at) {
      const letters = await attempts.letters(path, token);
      lines.push(line(path, letters));
      // A role goes on without its entry in an auth method, but not without its policy.
      if (attempts.touched && path.startsWith('sys/policies/')) await restore();
      if (OWN_TOKEN.test(path)) token = await login();
    }
    return lines;
  }

  afterEach(async () => {
    if (attempts.touched) await restore();
  }, LIMIT_MS);

  const filledIn = (path: string, env: WithVault): string => {
    const other = env === world().prod ? world().staging : world().prod;
    return path
      .replaceAll('<mount>', env.secrets.mount)
      .replaceAll('<prefix>', namesOf(env).prefix)
      .replaceAll('<other mount>', other.secrets.mount)
      .replaceAll('<other prefix>', namesOf(other).prefix)
      .replaceAll('<another>', ANOTHER);
  };

  const documented = (row: AccessRow, env: WithVault, role: VaultRole): string =>
    (CONDITIONS[row.heading]?.(env) ?? true) ? row.allowed[role] : '';

  const everybody = (['prod', 'staging'] as const).flatMap((name) =>
    VAULT_ROLES.map((role) => [name, role] as const),
  );

  describe.each(everybody)('%s, the role %s', (name, role) => {
    test.each(headings)(
      '%s',
      async (heading) => {
        const env = world()[name];
        const rows = matrix.filter((row) => row.heading === heading);
        const expected = rows.map((row) => line(filledIn(row.path, env), documented(row, env, role)));
        const at = rows.map(({ path }) => filledIn(path, env));
        expect(await tried(() => world().login(env, role), at)).toEqual(expected);
      },
      LIMIT_MS,
    );
  });

  test('whoever deploys a stack can put all of it there, with the rights that it gives him', async () => {
    const { vault, prod, staging } = world();
    const gone = [prod, staging].flatMap((env) => {
      const { role, databaseRole } = namesOf(env).vault;
      const policy = `sys/policies/acl/${role('host')}`;
      return [policy, `auth/aws/role/${role('host')}`, `database/roles/${databaseRole}`];
    });
    for (const path of gone) await vault.send({ method: 'DELETE', path });
    const made: string[] = [];
    for (const env of [prod, staging]) {
      const applied = await world().apply(env, await world().login(env, 'terraform-deploy'));
      made.push(...applied.filter(({ did }) => did !== 'kept').map(({ did, path }) => `${did} ${path}`));
    }
    expect(made.sort()).toEqual(gone.map((path) => `made ${path}`).sort());
  });

  test(
    'the VM that copies the environment’s own Vault may read a snapshot, and revoke its own token',
    async () => {
      const { prod } = world();
      const at = matrix.map(({ path }) => filledIn(path, prod));
      const lines = await tried(() => world().loginToCopy(prod), at);
      expect(lines.filter((letters) => !letters.endsWith(NOTHING)).sort()).toEqual([
        'auth/token/revoke-self: U',
        'sys/storage/raft/snapshot: R',
      ]);
    },
    LIMIT_MS,
  );

  describe('every other path that the Vault knows', () => {
    const rest = (): readonly string[] => {
      const known = new Set(matrix.map(({ path }) => filledIn(path, world().prod)));
      return paths.all(ANOTHER).filter((path) => !known.has(path));
    };
    let stranger: readonly string[];

    beforeAll(async () => {
      stranger = await tried(() => Promise.resolve('hvs.of-nobody'), rest());
    }, LIMIT_MS);

    // A server for development shows its figures to everybody. `sys/seal` says to whoever asks that it takes no reading;
    // a server without a standby has nobody to step down for; a wrapping token is itself what is asked for.
    test('is closed to a stranger, but for what Vault answers before it asks who is there', () => {
      expect(stranger.length).toBeGreaterThan(300);
      expect(stranger.filter((letters) => !letters.endsWith(NOTHING))).toEqual([
        'sys/internal/ui/feature-flags: RUDLP',
        'sys/metrics: RUDLP',
        'sys/pprof: UP',
        'sys/seal: RDLP',
        'sys/step-down: RUDLP',
        'sys/wrapping/rewrap: RUDP',
        'sys/wrapping/unwrap: RUDP',
      ]);
    });

    test.each([...VAULT_ROLES, 'snapshot'] as const)(
      'is no more open to the role %s',
      async (role) => {
        const { prod } = world();
        const login = () => (role === 'snapshot' ? world().loginToCopy(prod) : world().login(prod, role));
        expect(await tried(login, rest())).toEqual(stranger);
      },
      LIMIT_MS,
    );
  });
});

const line = (path: string, letters: string): string => `${path}: ${letters || NOTHING}`;
