/** SSM's Parameter Store: the one call that reads parameters by name, decrypted. */
import * as z from 'zod';
import { AwsError, type AwsClient } from './client';

const answer = z.object({ Parameters: z.array(z.object({ Name: z.string(), Value: z.string() })) });

/** Most names of one call. */
const MOST_NAMES = 10;

/** Values by name; a parameter that does not exist is not in it. @throws AwsError */
export async function getParameters(
  client: AwsClient,
  region: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (let at = 0; at < names.length; at += MOST_NAMES) {
    const response = await client.send({
      ...{ service: 'ssm', region, method: 'POST' },
      url: new URL(client.endpoint ?? `https://ssm.${region}.amazonaws.com/`),
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameters' },
      body: JSON.stringify({ Names: names.slice(at, at + MOST_NAMES), WithDecryption: true }),
    });
    const { data } = answer.safeParse(await response.json().catch(() => undefined));
    if (!data) throw new AwsError('ssm: GetParameters does not answer as SSM does', response.status);
    for (const { Name, Value } of data.Parameters) values.set(Name, Value);
  }
  return values;
}
