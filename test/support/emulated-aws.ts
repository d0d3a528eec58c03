/** Calls of AWS that no client of ours makes, asked of the emulator. */
import { AwsClient } from 'aws4fetch';

/** JSON over one POST. @param target such as `TrentService.CreateKey` */
export async function callEmulator<T = unknown>(
  endpoint: string,
  service: 'kms' | 'ssm',
  target: string,
  body: object,
  region = 'us-east-1',
): Promise<T> {
  const aws = new AwsClient({ accessKeyId: 'test', secretAccessKey: 'test', service, region });
  const response = await aws.fetch(`${endpoint}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${target}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** A key of KMS under this alias. */
export async function makeKey(endpoint: string, alias: string, region?: string): Promise<void> {
  const call = <T>(action: string, body: object): Promise<T> =>
    callEmulator<T>(endpoint, 'kms', `TrentService.${action}`, body, region);
  const { KeyMetadata } = await call<{ readonly KeyMetadata: { readonly KeyId: string } }>('CreateKey', {});
  await call('CreateAlias', { AliasName: alias, TargetKeyId: KeyMetadata.KeyId });
}
