/** What a host does while Vault does not do its part: each is one clear line, and the host ends. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VAULT_PATHS } from '../../benchmark/src/contract/vault';
import { until } from '../support/cloud';
import { gate, type Gate } from '../support/gate';
import type { HostProcess } from '../support/host-process';
import { HostVault } from '../support/host-vault';
import type { Instance } from '../support/host-world';
import { describeWithTools } from '../support/skip';
import { tlsFront } from '../support/tls-front';
import { attemptsAtSecrets, runIdOf, said, withVaultedHosts } from '../support/vaulted-hosts';

jest.setTimeout(300_000);

describeWithTools(['moto', 'vault'], 'a host whose Vault', ({ vault: tool }) => {
  const hosts = withVaultedHosts(tool);
  const vault = (): HostVault => hosts().vault;

  let sealed: HostVault | undefined;
  let patient: { readonly host: HostProcess; readonly instance: Instance; readonly address: string };
  beforeAll(async () => {
    const { secrets, emulator } = { secrets: hosts().world.secrets, emulator: hosts().emulator };
    sealed = await HostVault.start({ tool, emulator, secrets });
    await sealed.seal();
    // It has three minutes' patience: the others live meanwhile.
    const instance = await hosts().instance();
    const host = hosts().start(instance, { secrets: sealed.config(sealed.awsLogin()), outlivesTest: true });
    patient = { host, instance, address: sealed.server.address };
  });
  afterAll(() => sealed?.stop());

  test('lets it read less than it needs: it ends at once', async () => {
    await vault().allow([VAULT_PATHS.webhookKey]);
    const instance = await hosts().instance();
    const host = hosts().start(instance, { secrets: vault().config(vault().awsLogin()) });
    expect(await hosts().causeOf(host, instance)).toMatch(
      /^vault: GET he300-test\/data\/he300\/api-keys\/[\w-]+ at http:\S+: 1 error occurred: \* permission denied; allowed: what the policy of the host’s role lets it read$/,
    );
    expect([attemptsAtSecrets(host), await vault().hostTokens()]).toEqual([1, []]);
  });

  test('has no key for it: it ends at once, and says where it looked', async () => {
    await vault().remove(VAULT_PATHS.webhookKey);
    const instance = await hosts().instance();
    const host = hosts().start(instance, { secrets: vault().config(vault().awsLogin()) });
    expect(await hosts().causeOf(host, instance)).toBe(
      'secrets: no webhook-key at he300-test/he300/webhook/signing-key (key); the dashboard takes no event without it',
    );
    expect([attemptsAtSecrets(host), await vault().hostTokens()]).toEqual([1, []]);
  });

  test('has no such engine: it ends at once, and does not take that for no key', async () => {
    const instance = await hosts().instance();
    const secrets = { ...vault().config(vault().awsLogin()), mount: 'he300-tset' };
    await vault().allow(undefined, 'he300-tset');
    const host = hosts().start(instance, { secrets });
    expect(await hosts().causeOf(host, instance)).toMatch(
      /^vault: GET he300-tset\/data\/\S+ at http:\S+: no handler for route "\S+"\. route entry not found\.; allowed: the mount of a KV engine, version 2$/,
    );
    expect([attemptsAtSecrets(host), await vault().hostTokens()]).toEqual([1, []]);
  });

  describe('at its boot', () => {
    test('is sealed: it goes on when it is not', async () => {
      const [instance, dashboard] = [await hosts().instance(), await hosts().world.dashboard()];
      const secrets = vault().config(await vault().appRoleLogin());
      await vault().seal();
      const host = hosts().start(instance, { dashboard, secrets });
      await until(() => host.journal.includes('Vault is sealed'), 'the host to be told');
      await vault().unseal();
      await hosts().expectComplete(host, instance, dashboard);
    });

    test('is down: it goes on when it is there', async () => {
      const [instance, dashboard] = [await hosts().instance(), await hosts().world.dashboard()];
      const door = await gate(new URL(vault().server.address));
      hosts().world.later(door.close);
      await door.close();
      const host = hosts().start(instance, {
        dashboard,
        secrets: vault().config(await vault().appRoleLogin(), door.url),
      });
      await until(() => host.journal.includes('ECONNREFUSED'), 'the host to be refused');
      await door.open();
      await hosts().expectComplete(host, instance, dashboard);
    });

    test('does not answer: it goes on when it does', async () => {
      const [instance, dashboard] = [await hosts().instance(), await hosts().world.dashboard()];
      // The listening socket of a process that is stopped takes connections, and nothing more.
      vault().server.pause();
      const host = hosts().start(instance, { dashboard, secrets: vault().config(vault().awsLogin()) });
      try {
        await until(() => host.journal.includes('no answer in 10 s'), 'the host to lose patience');
      } finally {
        vault().server.resume();
      }
      await hosts().expectComplete(host, instance, dashboard);
    });

    test('answers no more than a request: it goes on when it does', async () => {
      const [instance, dashboard] = [await hosts().instance(), await hosts().world.dashboard()];
      await vault().limitReads(1);
      const host = hosts().start(instance, { dashboard, secrets: vault().config(vault().awsLogin()) });
      await until(() => host.journal.includes('rate limit quota exceeded'), 'the host to be limited');
      await vault().unlimitReads();
      await hosts().expectComplete(host, instance, dashboard);
    });
  });

  test('is known to a private authority alone: trusted where the environment names that, and only there', async () => {
    const [instance, dashboard] = [await hosts().instance(), await hosts().world.dashboard()];
    const { ca, ...pem } = await vault().certificate();
    const front = await tlsFront(new URL(vault().server.address), pem);
    hosts().world.later(front.close);
    const secrets = vault().config(vault().awsLogin(), front.url);
    const stranger = hosts().start(instance, { dashboard, secrets });
    await until(() => /unable to (verify|get)|self-signed/.test(stranger.journal), 'the host to be wary');
    await stranger.lose();
    const path = join(hosts().dir, 'ca.pem');
    writeFileSync(path, ca);
    const host = hosts().start(instance, { dashboard, secrets, env: { NODE_EXTRA_CA_CERTS: path } });
    await hosts().expectComplete(host, instance, dashboard);
  });

  test.each([
    ['gone', (door: Gate) => door.close()],
    ['silent', () => vault().server.pause()],
  ])('is %s at its end: it does not stay for it', async (_how, leave) => {
    const [instance, dashboard] = [await hosts().instance(), await hosts().world.dashboard()];
    const door = await gate(new URL(vault().server.address));
    hosts().world.later(door.close);
    const host = hosts().start(instance, {
      dashboard,
      secrets: vault().config(vault().awsLogin(), door.url),
    });
    await until(() => host.samples(runIdOf(instance)) > 2, 'the run');
    try {
      await leave(door);
      await hosts().expectComplete(host, instance, dashboard);
    } finally {
      vault().server.resume();
    }
    expect(said(host, 'warn')).toContain(
      'the token for Vault could not be given back: it ends with its lease',
    );
    await vault().revokeHostTokens();
  });

  test('is sealed for good: it names that after three minutes, and ends', async () => {
    const { host, instance, address } = patient;
    expect(await hosts().causeOf(host, instance)).toBe(
      `vault: POST auth/aws/login at ${address}: Vault is sealed`,
    );
    expect(attemptsAtSecrets(host)).toBe(9);
  });
});
