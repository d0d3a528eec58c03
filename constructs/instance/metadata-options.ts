/** How an instance is asked for its metadata: with a token, and from the machine itself alone (IMDSv2, one hop). */
import type { InstanceMetadataOptions } from '@cdktf/provider-aws/lib/instance';

export const METADATA_OPTIONS: InstanceMetadataOptions = {
  httpEndpoint: 'enabled',
  httpTokens: 'required',
  httpPutResponseHopLimit: 1,
  instanceMetadataTags: 'disabled',
};
