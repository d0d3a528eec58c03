/** Which machine image an instance starts from. */
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Construct } from 'constructs';
import type { Image, Region } from '../../environments/schema';

export function imageId(scope: Construct, image: Image, region: Region, provider: AwsProvider): string {
  if (image.kind === 'pinned') return image.imageIds[region]!;
  return new DataAwsSsmParameter(scope, 'image', { provider, name: image.parameter }).insecureValue;
}
