/** The one call of EC2 that a host makes: it ends itself. */
import { AwsError, type AwsClient } from './client';

/** @throws AwsError also when EC2 does not say that the instance is going */
export async function terminateInstance(
  client: AwsClient,
  region: string,
  instanceId: string,
): Promise<void> {
  const form = { Action: 'TerminateInstances', Version: '2016-11-15', 'InstanceId.1': instanceId };
  const response = await client.send({
    ...{ service: 'ec2', region, method: 'POST' },
    url: new URL(client.endpoint ?? `https://ec2.${region}.amazonaws.com/`),
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams(form).toString(),
  });
  const state = /<currentState>[^]*?<name>([\w-]+)<\/name>/.exec(await response.text())?.[1];
  if (state !== 'shutting-down' && state !== 'terminated')
    throw new AwsError(`ec2: ${instanceId} is ${state ?? 'not spoken of'} after TerminateInstances`);
}
