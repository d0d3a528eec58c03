/**
 * Names of everything an environment owns: pure functions of the environment, so that stacks find one another's
 * resources without reading one another's state.
 */
import type { Environment } from '../../environments/schema';

export type NamedEnvironment = Pick<Environment, 'name' | 'namespace' | 'accountId' | 'homeRegion'>;

/** Who may log in to Vault: a policy each, and a role of the same name in each auth method that leads to it. */
export const VAULT_ROLES = ['deploy', 'host', 'dashboard', 'rotate', 'terraform-deploy', 'admin'] as const;
export type VaultRole = (typeof VAULT_ROLES)[number];

/** Mounts that the environments of a Vault share; what stands in them carries the environment's name. */
export const VAULT_MOUNTS = {
  github: 'jwt-github',
  aws: 'aws',
  appRole: 'approle',
  database: 'database',
} as const;

export type Names = ReturnType<typeof namesOf>;

export function namesOf(env: NamedEnvironment) {
  const prefix = `${env.namespace}-${env.name}`;
  const iam = (kind: string, name: string): string => `arn:aws:iam::${env.accountId}:${kind}/${name}`;
  return {
    /** `<namespace>-<environment>`: the value of the environment tag and the start of every name. */
    prefix,
    // S3 names are global, hence the account id.
    stateBucket: `${prefix}-state-${env.accountId}`,
    artifactBucket: `${prefix}-artifacts-${env.accountId}`,
    stateKey: (stack: string): string => `${stack}.tfstate`,
    lockKey: (stack: string): string => `${stack}.tfstate.tflock`,
    keyAlias: `alias/${prefix}`,
    vpc: `${prefix}-vpc`,
    subnet: (zone: string): string => `${prefix}-public-${zone}`,
    hostSecurityGroup: `${prefix}-gpu-host`,
    host: `${prefix}-gpu-host`,
    runnerSecurityGroup: `${prefix}-runner-host`,
    runnerHost: `${prefix}-runner-host`,
    hostRole: `${prefix}-gpu-host`,
    guardRole: `${prefix}-lifetime-guard`,
    guardSchedule: `${prefix}-lifetime-guard`,
    scheduleGroup: prefix,
    reaper: `${prefix}-reaper`,
    reaperRole: `${prefix}-reaper`,
    reaperScheduleRole: `${prefix}-reaper-schedule`,
    planRole: `${prefix}-plan`,
    applyRole: `${prefix}-apply`,
    hostBoundary: `${prefix}-run-boundary`,
    dashboard: `${prefix}-dashboard`,
    // A balancer has 32 characters, which is the prefix and little more.
    dashboardBalancer: prefix,
    dashboardTaskRole: `${prefix}-dashboard-task`,
    dashboardStartRole: `${prefix}-dashboard-start`,
    vaultServer: `${prefix}-vault-server`,
    vaultSealAlias: `alias/${prefix}-vault-seal`,
    flowLogRole: `${prefix}-flow-logs`,
    logGroups: {
      host: `/${env.namespace}/${env.name}/host`,
      flow: `/${env.namespace}/${env.name}/flow`,
      dashboard: `/${env.namespace}/${env.name}/dashboard`,
      vaultServer: `/${env.namespace}/${env.name}/vault-server`,
      reaper: `/aws/lambda/${prefix}-reaper`,
    },
    /** Everything under it belongs to the environment: `/<namespace>/<environment>/…`. */
    parameterPath: `/${env.namespace}/${env.name}`,
    /** Written by the dashboard at its first start, for an administrator. */
    firstTokenParameter: `/${env.namespace}/${env.name}/dashboard/first-token`,
    /** Written by the environment's own Vault at its first start, for an administrator. */
    vaultFirstKeysParameter: `/${env.namespace}/${env.name}/vault-server/first-keys`,
    vault: {
      /** Of the policy, and of the role in each auth method. */
      role: (role: VaultRole): string => `${prefix}-${role}`,
      /** The environment's own: an auth method for Kubernetes knows one cluster. */
      kubernetesMount: `${prefix}-kubernetes`,
      databaseConnection: prefix,
      /** What `database/creds/…` is asked for. */
      databaseRole: `${prefix}-postgres`,
      /** Of the policy and the role by which the environment's own Vault is copied. */
      snapshotRole: `${prefix}-snapshot`,
    },
    arn: {
      bucket: (bucket: string): string => `arn:aws:s3:::${bucket}`,
      role: (name: string): string => iam('role', name),
      policy: (name: string): string => iam('policy', name),
      instanceProfile: (name: string): string => iam('instance-profile', name),
      oidcProvider: iam('oidc-provider', 'token.actions.githubusercontent.com'),
      instances: (region: string): string => `arn:aws:ec2:${region}:${env.accountId}:instance/*`,
    },
  } as const;
}

/** `<environment>-<instance id>`: one host is one run. */
export const runIdOf = (env: Pick<Environment, 'name'>, instanceId: string): string =>
  `${env.name}-${instanceId}`;

const RUN_ID = /^([a-z][a-z0-9]{1,11})-i-[0-9a-f]{8,17}$/;

/** Name of the environment whose run that is; undefined when it is no id of a run. */
export const environmentOfRun = (runId: string): string | undefined => RUN_ID.exec(runId)?.[1];
