/** The script that provisions the VM of an environment's own Vault, run where it can do no harm. */
import { zipSync } from 'fflate';
import { hash } from 'node:crypto';
import { which } from '../../ops/lib/tool';
import { DOWNLOADS, VAULT_RELEASE } from '../../userdata/downloads';
import { VAULT_SERVER_PATHS } from '../../userdata/vault-server/config';
import { vaultServerUserData } from '../../userdata/vault-server/user-data';
import {
  archiveOf,
  provisioned,
  provisioningMissing,
  type Image,
  type Provisioned,
} from '../support/provisioned';
import { skipped } from '../support/skip';
import { ownVaultProps } from '../support/vault-servers';
import { writeFiles } from '../support/written-host';

jest.setTimeout(120_000);

const write = (directory: string): void => void writeFiles(vaultServerUserData(ownVaultProps), directory);
const node = archiveOf([DOWNLOADS.node.programs.node], DOWNLOADS.node.compression);
const caddy = archiveOf([DOWNLOADS.caddy.programs.caddy], DOWNLOADS.caddy.compression);
const release = Buffer.from(
  zipSync({
    'LICENSE.txt': Buffer.from('a licence'),
    vault: [Buffer.from('#!/bin/sh\n'), { os: 3, attrs: 0o755 << 16 }],
  }),
);

/** Notes how it is called, as the words of the script. */
const noted = (name: string): string => `echo "provision: ${name} $*" >&2`;

function run(pinned: string, image: Partial<Image> = {}): Provisioned {
  const unzip = which('unzip');
  const programs = {
    id: 'exit 1',
    mountpoint: 'exit 0',
    useradd: noted('useradd'),
    install: noted('install'),
    chmod: noted('chmod'),
    ...(unzip ? { unzip: `exec ${unzip} "$@"` } : {}),
  };
  const edit = (script: string): string =>
    [
      [DOWNLOADS.node.sha256, node.sha256],
      [DOWNLOADS.caddy.sha256, caddy.sha256],
      [VAULT_RELEASE.sha256, pinned],
    ].reduce((text, [from, to]) => text.replaceAll(from!, to!), script);
  const served = {
    [DOWNLOADS.node.url]: node.bytes,
    [DOWNLOADS.caddy.url]: caddy.bytes,
    [VAULT_RELEASE.url]: release,
  };
  return provisioned(write, { os: ['debian', '12'], programs, edit, ...image }, served);
}

const missing = provisioningMissing() ?? (which('unzip') ? undefined : 'unzip');
if (missing !== undefined) skipped('provisioning of a Vault’s VM', missing);
else
  describe('provisioning of a Vault’s VM', () => {
    test('brings Node, Caddy and Vault, each user with a directory that no other reads', () => {
      const { code, said, links } = run(hash('sha256', release));
      expect({ code, last: said.at(-1) }).toEqual({ code: 0, last: 'ready' });
      expect(links).toEqual({
        node: `/opt/he300/node/${DOWNLOADS.node.programs.node}`,
        caddy: '/opt/he300/caddy/caddy',
        vault: '/opt/he300/vault/vault',
      });
      expect(said.filter((line) => line.startsWith('useradd'))).toHaveLength(3);
      expect(said.filter((line) => line.startsWith('chmod'))).toEqual([
        `chmod 0711 ${VAULT_SERVER_PATHS.data}`,
      ]);
      for (const [user, directory] of [
        ['he300-vault', VAULT_SERVER_PATHS.raft],
        ['he300-gateway', VAULT_SERVER_PATHS.caddy],
        ['he300-keeper', VAULT_SERVER_PATHS.keeper],
      ])
        expect(said).toContain(
          `install --directory --owner ${user} --group ${user} --mode 0700 ${directory}`,
        );
    });

    test('unpacks no Vault that is another one than was agreed on', () => {
      const { code, said, links } = run(VAULT_RELEASE.sha256);
      expect(code).toBe(1);
      expect(said.at(-1)).toBe(
        `${VAULT_RELEASE.url}: SHA-256 ${hash('sha256', release)}; allowed: ${VAULT_RELEASE.sha256}`,
      );
      expect(Object.keys(links).sort()).toEqual(['caddy', 'node']);
    });

    test('refuses a system that nobody has thought of', () => {
      const { code, said } = run(hash('sha256', release), { os: ['fedora', '42'] });
      expect({ code, last: said.at(-1) }).toEqual({
        code: 1,
        last: expect.stringMatching(/^fedora 42; allowed: /) as string,
      });
    });
  });
