/** `cdktf deploy prod-vault` by the real provider, where a mirror holds it, on a Vault that `vault-init` has just set up. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VaultClient } from '../../benchmark/src/vault';
import { namesOf } from '../../constructs/naming/names';
import { compareVaultStack, driftLine } from '../../ops/lib/vault/compare';
import type { VaultKeys } from '../../ops/lib/vault/seal';
import { findProviderMirror, mirrorHolds } from '../../ops/lib/provider-mirror';
import { githubIssuer, type GithubIssuer } from '../support/github-issuer';
import { describeWithTools, skipped } from '../support/skip';
import { vaultStackOf } from '../support/stacks';
import { VaultServer } from '../support/vault';
import { FULL, fullAt, stackWithIssuer } from '../support/vault-stacks';
import { expectSuccess, Workspace } from '../support/workspace';

const TITLE = 'prod-vault, by Terraform';
const MAIN = join(__dirname, '../support/vault-deploy-main.ts');
const CLEAN = 'No changes. Your infrastructure matches the configuration';
const PASSWORD = 'canary-of-the-admin';

jest.setTimeout(600_000);

const PROVIDER = 'hashicorp/vault';
const { version } = (
  vaultStackOf(FULL).json['terraform'] as {
    readonly required_providers: { readonly vault: { readonly version: string } };
  }
).required_providers.vault;

const mirror = findProviderMirror(undefined, PROVIDER);
if (!mirror || !mirrorHolds(mirror, PROVIDER, version))
  skipped(TITLE, `no mirror on this machine holds the provider ${PROVIDER} ${version}`);
else
  describeWithTools(['terraform', 'vault'], TITLE, ({ vault }) => {
    let server: VaultServer;
    let issuer: GithubIssuer;
    let token = '';
    const workspace = new Workspace(
      () => ({
        HE300_TEST_VAULT: server.address,
        HE300_TEST_ISSUER: issuer.url,
        HE300_TEST_MIRROR: mirror,
        VAULT_TOKEN: token,
        TF_VAR_postgres_admin_password: PASSWORD,
      }),
      MAIN,
    );
    beforeAll(async () => {
      issuer = await githubIssuer();
      server = await VaultServer.start(vault, { initialized: false });
    });
    afterAll(async () => {
      await server.stop();
      await issuer.close();
      workspace.remove();
    });

    const keysFile = () => join(workspace.path, 'keys.json');
    const env = () => fullAt(server.address);
    const differing = async () => {
      const client = new VaultClient({ address: server.address });
      const json = stackWithIssuer(env(), issuer.url);
      return (await compareVaultStack(json, { client, token, names: namesOf(env()) })).map(driftLine);
    };
    const state = () => readFileSync(join(workspace.path, '.he300/state/prod-vault.tfstate'), 'utf8');

    test('takes over the audit device that the set-up has made, by the token that it left', async () => {
      const init = await workspace.ops('vault-init', ['prod', '--json', '--keys-file', keysFile()], {
        VAULT_ADDR: server.address,
        VAULT_TOKEN: '',
      });
      expectSuccess(init);
      token = (JSON.parse(init.stdout) as { deployToken: string }).deployToken;
      expectSuccess(await workspace.deploy(['prod-vault'], { TF_VAR_adopt_audit_device: 'true' }));
      expect(await differing()).toEqual([]);
    });

    test('then finds nothing to change, the device taken over or not', async () => {
      expect((await workspace.diff('prod-vault')).text).toContain(CLEAN);
    });

    test('keeps no secret in its state', () => {
      const { unseal_keys_b64: keys } = JSON.parse(readFileSync(keysFile(), 'utf8')) as VaultKeys;
      expect(state()).toContain('vault_database_secret_backend_connection');
      for (const secret of [PASSWORD, token, ...keys]) expect(state()).not.toContain(secret);
    });

    test('puts right what somebody changed by hand', async () => {
      const path = `database/roles/${namesOf(env()).vault.databaseRole}`;
      const role = { db_name: 'he300-prod', creation_statements: ['SELECT 1'], max_ttl: '8760h' };
      await server.send({ method: 'POST', path, body: role, token });
      expect(await differing()).not.toEqual([]);
      expectSuccess(await workspace.deploy(['prod-vault']));
      expect(await differing()).toEqual([]);
    });
  });
