/** What the VM of the environment's own Vault is told: `/etc/he300/vault.json` for Vault, `/etc/he300/vault-vm.json` for our programs. */
import { namesOf } from '../../constructs/naming/names';
import { VAULT_SNAPSHOTS } from '../../constructs/vault-server/prefixes';
import type { Environment, VaultSecrets, VaultServer } from '../../environments/schema';
import { vaultServerId } from '../../environments/vault';
import type { VmConfig as Common } from '../vm/config';
import type { Metrics } from '../vm/telling';

/** Of Vault, on loopback alone; the second is its own, for the cluster of one. */
const PORTS = { api: 8200, cluster: 8201 } as const;

export const VAULT_LOOPBACK = `http://127.0.0.1:${PORTS.api}`;

/** Where the volume of the data is mounted. */
const DATA = '/var/lib/he300-vault';

export const VAULT_SERVER_PATHS = {
  server: '/etc/he300/vault.json',
  vm: '/etc/he300/vault-vm.json',
  fetcher: '/opt/he300/fetch-archive.mjs',
  /** Made anew with every version, which is told by its hash. */
  program: '/opt/he300/vault-vm.mjs',
  data: DATA,
  /** A directory for each user: what one keeps no other can read. */
  raft: `${DATA}/raft`,
  caddy: `${DATA}/caddy`,
  keeper: `${DATA}/keeper`,
} as const;

/** The file system of the volume, by which it is known again. */
export const VAULT_DATA_LABEL = 'he300-vault';

export const VAULT_METRICS = 'HE300/Vault';

export interface VaultServerProps {
  readonly environment: Environment;
  /** Of the environment. */
  readonly secrets: VaultSecrets;
  readonly server: VaultServer;
  /** Our program on the VM. */
  readonly program: { readonly key: string; readonly sha256: string };
}

/** Of our programs. */
export interface VaultVmConfig extends Common {
  /** Of Vault, on loopback. */
  readonly address: string;
  /** Value of `X-Vault-AWS-IAM-Server-ID`. */
  readonly serverId: string;
  /** Role that a snapshot logs in as. */
  readonly snapshotRole: string;
  /** Key prefix in the artifact bucket. */
  readonly snapshots: string;
  /** Vault's own program, which can read a snapshot. */
  readonly vault: string;
  /** Where notes and copies on their way are kept. */
  readonly directory: string;
  readonly metrics: Metrics;
  /** Where the first root token and the recovery key are put, once. */
  readonly firstKeysParameter: string;
  /** The key that they are encrypted with. */
  readonly keyAlias: string;
}

export function vaultVmConfig(
  { environment: env, secrets, program: bundle }: VaultServerProps,
  vault: string,
): VaultVmConfig {
  const names = namesOf(env);
  return {
    homeRegion: env.homeRegion,
    artifactBucket: names.artifactBucket,
    bundle,
    logGroup: names.logGroups.vaultServer,
    address: VAULT_LOOPBACK,
    serverId: vaultServerId(secrets),
    snapshotRole: names.vault.snapshotRole,
    snapshots: VAULT_SNAPSHOTS,
    vault,
    directory: VAULT_SERVER_PATHS.keeper,
    metrics: { namespace: VAULT_METRICS, dimension: ['Server', names.vaultServer] },
    firstKeysParameter: names.vaultFirstKeysParameter,
    keyAlias: names.keyAlias,
  };
}

/**
 * Vault's own (https://developer.hashicorp.com/vault/docs/configuration). It speaks HTTP, on loopback: the certificate is
 * Caddy's, which gets it and renews it, as Vault cannot.
 */
export function vaultConfig({ environment: env, secrets }: Omit<VaultServerProps, 'program'>) {
  const names = namesOf(env);
  const listener = {
    address: `127.0.0.1:${PORTS.api}`,
    cluster_address: `127.0.0.1:${PORTS.cluster}`,
    tls_disable: true,
    // Else everybody would come from loopback: logins that are bound to addresses, and the audit log, need the real one.
    // Our programs on the VM come without the header, and from loopback.
    x_forwarded_for_authorized_addrs: ['127.0.0.1/32'],
    x_forwarded_for_reject_not_present: false,
  };
  return {
    storage: { raft: { path: VAULT_SERVER_PATHS.raft, node_id: names.vaultServer } },
    listener: [{ tcp: listener }],
    // By its alias, for user data cannot hold what is known only when the key is made. Vault notes the key's own id.
    seal: { awskms: { region: env.homeRegion, kms_key_id: names.vaultSealAlias } },
    api_addr: secrets.address,
    cluster_addr: `https://127.0.0.1:${PORTS.cluster}`,
    // As integrated storage wants it: its file is mapped into memory as a whole. The VM has no swap.
    disable_mlock: true,
    ui: false,
  } as const;
}
