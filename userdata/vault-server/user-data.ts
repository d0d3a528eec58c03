/** What the VM of the environment's own Vault is told to do at its first boot. */
import { vaultCaddyfile } from '../caddyfile';
import { renderCloudConfig, type WrittenFile } from '../cloud-config';
import { archiveFetcherProgram } from '../fetch-bundle/package';
import { PATHS, program } from '../paths';
import { renderUnit, UNIT_DIRECTORY } from '../unit';
import { startedUnits } from '../units';
import { FILES_WRITTEN, NO_RELOAD } from '../user-data';
import {
  VAULT_LOOPBACK,
  VAULT_SERVER_PATHS,
  vaultConfig,
  vaultVmConfig,
  type VaultServerProps,
} from './config';
import { vaultProvisionScript } from './provision';
import { vaultServerUnits } from './units';

/** The cloud-config of the VM. Nothing in it is secret. */
export function vaultServerUserData(props: VaultServerProps): string {
  const units = vaultServerUnits(props.server);
  const files: readonly WrittenFile[] = [
    { path: VAULT_SERVER_PATHS.server, content: JSON.stringify(vaultConfig(props)) },
    { path: VAULT_SERVER_PATHS.vm, content: JSON.stringify(vaultVmConfig(props, program('vault'))) },
    { path: PATHS.provision, permissions: '0755', content: vaultProvisionScript() },
    { path: VAULT_SERVER_PATHS.fetcher, content: archiveFetcherProgram() },
    {
      path: PATHS.caddyfile,
      content: vaultCaddyfile({
        domain: new URL(props.secrets.address).hostname,
        upstream: new URL(VAULT_LOOPBACK).host,
      }),
    },
    ...units.map((unit) => ({ path: `${UNIT_DIRECTORY}/${unit.name}`, content: renderUnit(unit) })),
  ];
  return renderCloudConfig({
    bootcmd: [
      [
        ...(['systemd-run', '--no-block', '--unit=he300-begin'] as const),
        `--property=After=${FILES_WRITTEN}`,
        ...['systemctl', 'enable', '--now', '--no-block', NO_RELOAD, ...startedUnits(units)],
      ],
    ],
    write_files: files,
  });
}
