/** What the VM of an environment's own Vault is told. */
import { ownVaultProps } from '../../test/support/vault-servers';
import { PROVISION_SERVICE } from '../units/run';
import { vaultConfig } from './config';
import { vaultServerUserData } from './user-data';
import { vaultServerUnits } from './units';

const units = vaultServerUnits(ownVaultProps.server);
const named = (name: string) => units.find((unit) => unit.name === name)!;

describe('Vault', () => {
  const config = vaultConfig(ownVaultProps);

  test('speaks HTTP, and therefore on loopback alone', () => {
    const [{ tcp }] = config.listener;
    expect(tcp.tls_disable).toBe(true);
    for (const address of [tcp.address, tcp.cluster_address]) expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(config.cluster_addr).toMatch(/^https:\/\/127\.0\.0\.1:/);
    expect(config.api_addr).toBe('https://vault.example.org');
  });

  test('is opened by a key that user data can name before it is made', () => {
    expect(config.seal).toEqual({
      awskms: { region: 'us-east-1', kms_key_id: 'alias/he300-dev-vault-seal' },
    });
    expect(vaultServerUserData(ownVaultProps)).not.toContain('TfToken');
  });
});

describe('the units', () => {
  test('with a boot only the provisioning starts, and starts what needs it', () => {
    const started = units.filter(({ Install }) => Install !== undefined);
    expect(started.map(({ name }) => name)).toEqual([PROVISION_SERVICE]);
  });

  test('nothing hangs on a unit that may come up only at the second attempt', () => {
    for (const { name, Unit } of units) {
      const needed =
        name === PROVISION_SERVICE || name === 'he300-vault-first-keys.service'
          ? undefined
          : PROVISION_SERVICE;
      expect({ name, needed: Unit.Requires }).toEqual({ name, needed });
    }
  });

  test('nobody reaches a Vault that is not set up: the gateway is started by what sets it up', () => {
    const starting = units.filter(({ Service }) =>
      JSON.stringify(Service ?? {}).includes('he300-gateway.service'),
    );
    expect(starting.map(({ name }) => name)).toEqual(['he300-vault-first-keys.service']);
    expect(named('he300-vault-first-keys.service').Service).toMatchObject({
      ExecStartPost: '+systemctl start --no-block he300-gateway.service',
      Restart: 'on-failure',
    });
  });

  test('no two programs run as the same user, but for those that look after the machine', () => {
    const users = units.flatMap(({ Service }) => (Service?.User === undefined ? [] : [String(Service.User)]));
    expect(users.sort()).toEqual(
      ['he300-gateway', 'he300-vault', ...Array<string>(3).fill('he300-keeper')].sort(),
    );
  });

  test('none leaves its memory on the disk', () => {
    for (const name of ['he300-vault.service', 'he300-gateway.service'])
      expect(named(name).Service).toMatchObject({ LimitCORE: 0 });
  });
});
