import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import type { Environment, VaultSecrets, VaultServer as Settings } from '../../environments/schema';
import { vaultServerUserData } from '../../userdata/vault-server/user-data';
import { Alarms } from '../alarms/alarms';
import { KeptVm } from '../instance/kept-vm';
import { namesOf } from '../naming/names';
import { VAULT_SERVER_ROLE } from '../naming/tags';
import type { IngressRule } from '../network/host-ingress';
import { HTTP_PORT, HTTPS_PORT } from '../network/ports';
import type { ServicePlacement } from '../network/service-placement';
import type { RunnerBundle } from '../storage/runner-bundle';
import { SealKey } from './seal-key';
import { vaultAlarms } from './vm-alarms';
import { VaultVmRole } from './vm-role';

export interface VaultServerProps {
  readonly environment: Environment;
  readonly secrets: VaultSecrets;
  readonly server: Settings;
  readonly provider: AwsProvider;
  readonly placement: ServicePlacement;
  /** What the VM runs beside Vault. */
  readonly program: RunnerBundle;
}

/** One VM with Vault, which keeps its data on the volume of the VM and is opened by a key of the cloud. */
export class VaultServer extends Construct {
  readonly instanceId: string;
  readonly publicIp: string;

  constructor(scope: Construct, id: string, props: VaultServerProps) {
    super(scope, id);
    const { environment: env, secrets, server, provider, placement, program } = props;
    const { vaultServer: name } = namesOf(env);
    const { zone, instanceType, image, dataGb } = server;
    const { arn: sealKeyArn } = new SealKey(this, 'seal', { environment: env, server });
    const role = new VaultVmRole(this, 'role', { environment: env, sealKeyArn });
    const { key, sha256 } = program;
    const vm = new KeptVm(this, 'vm', {
      ...{ environment: env, provider, placement, name, zone, instanceType, image, dataGb },
      protected: server.protected,
      description: 'Vault of the environment',
      role: VAULT_SERVER_ROLE,
      ingress: vaultIngress(server),
      instanceProfileName: role.instanceProfileName,
      userData: vaultServerUserData({ environment: env, secrets, server, program: { key, sha256 } }),
      program: program.object,
    });
    new Alarms(this, 'alarms', {
      name,
      keyArn: placement.keyArn,
      email: server.alarmEmail,
      alarms: vaultAlarms(env, server, vm.instanceId),
    });
    this.instanceId = vm.instanceId;
    this.publicIp = vm.publicIp;
  }
}

const EVERYBODY = '0.0.0.0/0';
const OPEN_BECAUSE =
  'secrets.server.allow says so: hosts and hosted workflows come from addresses that nobody knows before, and Vault asks everybody who they are';

const vaultIngress = ({ allow }: Pick<Settings, 'allow'>): readonly IngressRule[] => [
  ...[...new Set(allow)].map((cidr) => ({
    port: HTTPS_PORT,
    protocol: 'tcp' as const,
    cidr,
    description: 'Vault',
    ...(cidr === EVERYBODY ? { openBecause: OPEN_BECAUSE } : {}),
  })),
  {
    port: HTTP_PORT,
    protocol: 'tcp',
    cidr: EVERYBODY,
    description: 'proof of the domain',
    openBecause:
      "Let's Encrypt proves the domain from addresses that it does not publish; Caddy answers nothing else there but redirections",
  },
];
