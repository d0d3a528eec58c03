/** The shell script of the VM with the environment's own Vault, run at every boot: the volume, Node, Caddy, Vault, our program. */
import { VAULT_RELEASE } from '../downloads';
import { PATHS, program } from '../paths';
import { detection, fetchedDownload, PREAMBLE, section } from '../provision';
import { mountedVolume } from '../volume';
import { VAULT_DATA_LABEL, VAULT_SERVER_PATHS } from './config';

interface User {
  readonly name: string;
  /** Fixed, so that the files on the volume belong to the same user on the next VM. */
  readonly id: number;
  /** On the volume. */
  readonly directory: string;
}

/** Vault, what stands in front of it, and what looks after both: none reads another's files. */
export const VAULT_USERS = {
  vault: { name: 'he300-vault', id: 831, directory: VAULT_SERVER_PATHS.raft },
  caddy: { name: 'he300-gateway', id: 832, directory: VAULT_SERVER_PATHS.caddy },
  keeper: { name: 'he300-keeper', id: 833, directory: VAULT_SERVER_PATHS.keeper },
} as const satisfies Record<string, User>;

export const vaultProvisionScript = (): string =>
  [
    PREAMBLE,
    detection,
    section('Whom the programs run as', Object.values(VAULT_USERS).map(added)),
    mountedVolume({ label: VAULT_DATA_LABEL, path: VAULT_SERVER_PATHS.data }),
    section('Whose the data are', [
      `chmod 0711 ${VAULT_SERVER_PATHS.data}`,
      ...Object.values(VAULT_USERS).map(
        ({ name, directory }) =>
          `install --directory --owner ${name} --group ${name} --mode 0700 ${directory}`,
      ),
    ]),
    section('What the downloads need', [
      'lacks curl curl ca-certificates; lacks xz xz-utils; lacks unzip unzip',
      'install_packages',
    ]),
    ...(['node', 'caddy'] as const).map(fetchedDownload),
    VAULT,
    section('Our program, by its hash', [
      `${program('node')} ${VAULT_SERVER_PATHS.fetcher} ${VAULT_SERVER_PATHS.vm} ${VAULT_SERVER_PATHS.program}`,
    ]),
    'say ready\n',
  ].join('\n');

const added = ({ name, id }: User): string =>
  `id ${name} >/dev/null 2>&1 || useradd --system --uid ${id} --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin ${name}`;

const VAULT = section(`vault ${VAULT_RELEASE.version}`, [
  `if [ ! -x ${PATHS.programs}/vault ]; then`,
  '  mkdir -p /opt/he300/vault',
  `  download ${VAULT_RELEASE.url} ${VAULT_RELEASE.sha256} /opt/he300/vault.zip`,
  '  unzip -q -o /opt/he300/vault.zip vault -d /opt/he300/vault',
  '  rm /opt/he300/vault.zip',
  '  link vault /opt/he300/vault/vault',
  'fi',
]);
