import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import { subnetZonesIn } from '../../environments/regions';
import type { Environment, Region } from '../../environments/schema';
import { namesOf } from '../naming/names';
import { subnetOf } from './cidr';

export interface HostNetworkProps {
  readonly environment: Environment;
  readonly region: Region;
  readonly provider: AwsProvider;
  /** Address range of the VPC. */
  readonly cidr: string;
  /** Bucket that flow logs are written to. */
  readonly flowLogBucketArn: string;
}

/** Bits by which the VPC's prefix is lengthened for a subnet: six zones and two to spare. */
const SUBNET_BITS = 3;

/**
 * A small VPC for run hosts in one region: a public subnet for every zone a candidate names, no NAT gateway, and S3 by
 * a gateway endpoint, so that datasets and models do not pass the internet.
 */
export class HostNetwork extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { environment: env, region, provider, cidr, flowLogBucketArn }: HostNetworkProps,
  ) {
    super(scope, id);
    const names = namesOf(env);
    const vpc = new Vpc(this, 'vpc', {
      provider,
      cidrBlock: cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: names.vpc },
    });
    new DefaultSecurityGroup(this, 'default-group', {
      provider,
      vpcId: vpc.id,
      tags: { Name: `${names.vpc}-default-closed` },
    });

    const gateway = new InternetGateway(this, 'gateway', {
      provider,
      vpcId: vpc.id,
      tags: { Name: names.vpc },
    });
    const routes = new RouteTable(this, 'routes', {
      provider,
      vpcId: vpc.id,
      route: [{ cidrBlock: '0.0.0.0/0', gatewayId: gateway.id }],
      tags: { Name: `${names.vpc}-public` },
    });
    for (const zone of subnetZonesIn(env, region)) {
      const subnet = new Subnet(this, `subnet-${zone}`, {
        provider,
        vpcId: vpc.id,
        availabilityZone: `${region}${zone}`,
        cidrBlock: subnetOf(cidr, SUBNET_BITS, zone.charCodeAt(0) - 'a'.charCodeAt(0)),
        // The way out without a NAT gateway, which would cost more than the host; nothing comes in but by the host's group.
        mapPublicIpOnLaunch: true,
        tags: { Name: names.subnet(`${region}${zone}`) },
      });
      new RouteTableAssociation(this, `routes-${zone}`, {
        provider,
        subnetId: subnet.id,
        routeTableId: routes.id,
      });
    }
    new VpcEndpoint(this, 's3', {
      provider,
      vpcId: vpc.id,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [routes.id],
      tags: { Name: `${names.vpc}-s3` },
    });
    new FlowLog(this, 'flow-log', {
      provider,
      vpcId: vpc.id,
      trafficType: 'ALL',
      logDestinationType: 's3',
      logDestination: flowLogBucketArn,
      tags: { Name: names.vpc },
    });
  }
}
