import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { DbSubnetGroup } from '@cdktf/provider-aws/lib/db-subnet-group';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Construct } from 'constructs';
import type { Environment } from '../../../environments/schema';
import { namesOf } from '../../naming/names';
import { subnetOf } from '../../network/cidr';
import type { ServicePlacement } from '../../network/service-placement';
import { LinkedGroup } from '../security-group';
import type { HaSettings } from './ha-dashboard';

export interface DatabaseProps {
  readonly environment: Environment;
  readonly dashboard: HaSettings;
  readonly provider: AwsProvider;
  readonly placement: ServicePlacement;
  /** Security group of the containers, which alone reach it. */
  readonly reachedFrom: string;
}

export const POSTGRES_PORT = 5432;
const NAME = 'he300';
/** The platform's own subnets take the first six eighths of the VPC; the database takes sixteenths from here on. */
const SUBNETS = { bits: 4, first: 12 };

/** Postgres in two zones, where a second instance takes over by itself; its password is made and kept by AWS. */
export class Database extends Construct {
  /** ARN of the secret, JSON with `username` and `password`. */
  readonly secretArn: string;
  /** Without a password. */
  readonly url: string;
  readonly identifier: string;

  constructor(scope: Construct, id: string, props: DatabaseProps) {
    super(scope, id);
    const { environment: env, dashboard, provider, placement, reachedFrom } = props;
    const { dashboard: name } = namesOf(env);
    const { securityGroupId } = new LinkedGroup(this, 'security-group', {
      provider,
      vpcId: placement.vpcId,
      name: `${name}-database`,
      description: 'Database of the dashboard',
      port: POSTGRES_PORT,
      from: reachedFrom,
      reachesOut: false,
    });
    const subnets = new DbSubnetGroup(this, 'subnets', {
      name,
      description: 'Database of the dashboard',
      subnetIds: this.subnetIds(props),
    });
    const database = new DbInstance(this, 'instance', {
      identifier: name,
      engine: 'postgres',
      engineVersion: '15',
      instanceClass: dashboard.databaseClass,
      allocatedStorage: dashboard.databaseGb,
      storageType: 'gp3',
      storageEncrypted: true,
      kmsKeyId: placement.keyArn,
      multiAz: true,
      dbName: NAME,
      username: NAME,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: placement.keyArn,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [securityGroupId],
      publiclyAccessible: false,
      autoMinorVersionUpgrade: true,
      backupRetentionPeriod: dashboard.backupDays,
      copyTagsToSnapshot: true,
      deletionProtection: dashboard.protected,
      skipFinalSnapshot: !dashboard.protected,
      ...(dashboard.protected ? { finalSnapshotIdentifier: `${name}-final` } : {}),
      enabledCloudwatchLogsExports: ['postgresql', 'upgrade'],
      lifecycle: { preventDestroy: dashboard.protected },
    });
    this.secretArn = database.masterUserSecret.get(0).secretArn;
    // Encrypted, as RDS demands it; RDS's own authority is in no image, so the name is not checked inside of the VPC.
    this.url = `postgres://${NAME}@${database.endpoint}/${NAME}?sslmode=no-verify`;
    this.identifier = name;
  }

  /** Subnets of its own, from which no way leads out of the VPC; those that are named, where the VPC is somebody's. */
  private subnetIds({ environment: env, dashboard, provider, placement }: DatabaseProps): string[] {
    const { vpc } = env.network;
    if (vpc.kind === 'existing') return [...placement.subnetIds.values()];
    return dashboard.zones.map(
      (zone, i) =>
        new Subnet(this, `subnet-${zone}`, {
          provider,
          vpcId: placement.vpcId,
          availabilityZone: `${env.homeRegion}${zone}`,
          cidrBlock: subnetOf(vpc.cidr, SUBNETS.bits, SUBNETS.first + i),
          tags: { Name: `${namesOf(env).dashboard}-database-${zone}` },
        }).id,
    );
  }
}
