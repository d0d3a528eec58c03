/** What must be there before a host can be launched; each lack is one line that says what to do. */
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { namesOf } from '../../constructs/naming/names';
import { imagesOf } from '../../environments/images';
import { regionsOf } from '../../environments/regions';
import type { Environment } from '../../environments/schema';
import { CliError } from './cli';
import { explain, openAccount } from './cloud';
import { deployStatus } from './deploy-status';
import { checkInputs } from './publish';
import { stateStore } from './state';
import { scanStack } from './terraform-processes';
import { terraform } from './tool';

/** @throws CliError with the first lack found, in the order in which a person would mend them */
export async function preflight(env: Environment): Promise<void> {
  terraform();
  try {
    const account = await openAccount(env);
    const { lock } = await stateStore(env, account.s3).read();
    const status = deployStatus(lock, scanStack(env.name)(), account.now());
    if (status.kind === 'running')
      throw new CliError(`a deploy of ${env.name} is in progress: ${status.reason}`);
    if (status.kind !== 'none') {
      throw new CliError(
        `${status.reason}; clear up with: npm run sweep -- ${env.name} --terminate, or keep its host with: npm run sweep -- ${env.name} --unlock`,
      );
    }
    for (const region of regionsOf(env)) await checkRegion(env, region);
    await checkInputs(env, account.s3);
  } catch (error) {
    throw new CliError(explain(error, env));
  }
}

async function checkRegion(env: Environment, region: string): Promise<void> {
  for (const { image } of imagesOf(env)) {
    if (image.kind !== 'ssm') continue;
    await new SSMClient({ region })
      .send(new GetParameterCommand({ Name: image.parameter }))
      .catch((error: unknown) => {
        if (!(error instanceof ParameterNotFound)) throw error;
        throw new CliError(
          `no machine image is recorded in ${region} (${image.parameter}); record one with: npm run bootstrap -- ${env.name}`,
        );
      });
  }
  if (env.network.vpc.kind === 'existing') return;
  const filter = { Name: 'tag:Name', Values: [namesOf(env).vpc] };
  const { Vpcs = [] } = await new EC2Client({ region }).send(new DescribeVpcsCommand({ Filters: [filter] }));
  if (Vpcs.length === 0) {
    throw new CliError(
      `${env.name}-platform is not deployed in ${region}; deploy it with: npx cdktf deploy ${env.name}-platform`,
    );
  }
}
