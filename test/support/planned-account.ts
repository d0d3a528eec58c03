/** An account in the emulator in which every stack can be planned without applying its platform first, which takes a minute each. */
import { CreateSubnetCommand, CreateVpcCommand, EC2Client, type TagSpecification } from '@aws-sdk/client-ec2';
import { CreateOpenIDConnectProviderCommand, IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { namesOf } from '../../constructs/naming/names';
import { subnetOf } from '../../constructs/network/cidr';
import { regionsOf, subnetZonesIn } from '../../environments/regions';
import type { Environment } from '../../environments/schema';
import { bootstrapImages } from '../../ops/lib/bootstrap-image';
import { bootstrapStateBucket } from '../../ops/lib/bootstrap-state';
import { makeKey } from './emulated-aws';

/** Reads the emulator's address and credentials from the process environment, as the code under test does. */
export async function prepareAccount(environments: readonly Environment[]): Promise<void> {
  const [first] = environments;
  // What the one environment that creates it would have left for the others to find.
  await new IAMClient({ region: first!.homeRegion }).send(
    new CreateOpenIDConnectProviderCommand({
      Url: 'https://token.actions.githubusercontent.com',
      ClientIDList: ['sts.amazonaws.com'],
    }),
  );
  for (const env of environments) {
    await bootstrapStateBucket(env, new S3Client({ region: env.homeRegion, forcePathStyle: true }));
    await bootstrapImages(env, { refresh: false });
    await Promise.all(regionsOf(env).map((region) => createNetwork(env, region)));
    // The one that the dashboard looks up by its alias.
    await makeKey(process.env.AWS_ENDPOINT_URL ?? '', namesOf(env).keyAlias, env.homeRegion);
  }
}

async function createNetwork(env: Environment, region: Parameters<typeof subnetZonesIn>[1]): Promise<void> {
  const { vpc } = env.network;
  if (vpc.kind !== 'managed') return;
  const names = namesOf(env);
  const ec2 = new EC2Client({ region });
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({ CidrBlock: vpc.cidr, TagSpecifications: [named('vpc', names.vpc)] }),
  );
  for (const [index, zone] of subnetZonesIn(env, region).entries()) {
    await ec2.send(
      new CreateSubnetCommand({
        VpcId: Vpc!.VpcId!,
        CidrBlock: subnetOf(vpc.cidr, 3, index),
        AvailabilityZone: `${region}${zone}`,
        TagSpecifications: [named('subnet', names.subnet(`${region}${zone}`))],
      }),
    );
  }
}

const named = (ResourceType: 'vpc' | 'subnet', Value: string): TagSpecification => ({
  ResourceType,
  Tags: [{ Key: 'Name', Value }],
});
