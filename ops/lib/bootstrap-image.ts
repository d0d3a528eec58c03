/**
 * Records the machine images of an environment's hosts, of its dashboard and of its Vault, each in a parameter of its own. The public parameter moves whenever
 * AWS publishes an image; ours moves when somebody asks, so two runs are not compared across a silent driver change.
 */
import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ownerTags } from '../../constructs/naming/tags';
import { regionsOf } from '../../environments/regions';
import { imagesOf } from '../../environments/images';
import type { Environment, Image } from '../../environments/schema';
import { vaultServerOf } from '../../environments/vault';
import type { Step } from './bootstrap-state';
import { CliError } from './cli';

/** The emulator knows Amazon Linux only; any image will do where none is booted. */
const EMULATOR_SOURCE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';

export async function bootstrapImages(
  env: Environment,
  { refresh }: { readonly refresh: boolean },
): Promise<Step[]> {
  const ofHosts = imagesOf(env).map((found) => ({ ...found, regions: regionsOf(env) }));
  const { dashboard, homeRegion } = env;
  const ofDashboard =
    dashboard.tier === 'single'
      ? [{ field: 'dashboard.image', image: dashboard.image, regions: [homeRegion] }]
      : [];
  const vaultServer = vaultServerOf(env);
  const ofVault = vaultServer
    ? [{ field: 'secrets.server.image', image: vaultServer.image, regions: [homeRegion] }]
    : [];
  const steps = [...ofHosts, ...ofDashboard, ...ofVault].flatMap(({ field, image, regions }) =>
    image.kind === 'ssm' ? regions.map((region) => bootstrapImage(env, field, image, region, refresh)) : [],
  );
  return Promise.all(steps);
}

async function bootstrapImage(
  env: Environment,
  field: string,
  image: Extract<Image, { readonly kind: 'ssm' }>,
  region: string,
  refresh: boolean,
): Promise<Step> {
  const ssm = new SSMClient({ region });
  const recorded = await read(ssm, image.parameter);
  if (recorded && !refresh)
    return { what: `image ${recorded} in ${region} (${image.parameter})`, did: 'exists' };
  const id =
    (await read(ssm, image.source)) ??
    (process.env.AWS_ENDPOINT_URL ? await read(ssm, EMULATOR_SOURCE) : undefined);
  if (!id)
    throw new CliError(
      `${field}.source: no parameter ${image.source} in ${region}; allowed: a public parameter that holds an AMI id`,
    );
  if (id === recorded) return { what: `image ${id} in ${region} (${image.parameter})`, did: 'exists' };
  await write(ssm, image.parameter, id, env, recorded !== undefined);
  return { what: `image ${id} in ${region} (${image.parameter})`, did: recorded ? 'updated' : 'created' };
}

async function read(ssm: SSMClient, name: string): Promise<string | undefined> {
  try {
    return (await ssm.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

async function write(
  ssm: SSMClient,
  name: string,
  id: string,
  env: Environment,
  overwrite: boolean,
): Promise<void> {
  // SSM takes tags only when it creates.
  const tags = overwrite
    ? {}
    : { Tags: Object.entries(ownerTags(env)).map(([Key, Value]) => ({ Key, Value })) };
  await ssm.send(
    new PutParameterCommand({
      Name: name,
      Value: id,
      Type: 'String',
      DataType: 'text',
      Overwrite: overwrite,
      ...tags,
    }),
  );
}
