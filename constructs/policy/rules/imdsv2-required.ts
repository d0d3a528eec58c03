import { blocks, INSTANCES, type Rule } from '../rule';

export const imdsv2Required: Rule = {
  id: 'imdsv2-required',
  cause:
    'without IMDSv2 and a hop limit of 1, a request that some program on the host is tricked into sends the role away',
  remedy: "set metadata_options http_tokens to 'required' and http_put_response_hop_limit to 1",
  check({ type, attributes }) {
    if (!INSTANCES.includes(type) && type !== 'aws_launch_template') return undefined;
    const [options] = blocks(attributes, 'metadata_options');
    if (options?.http_endpoint === 'disabled') return undefined;
    if (options?.http_tokens !== 'required')
      return `metadata_options.http_tokens is ${JSON.stringify(options?.http_tokens ?? null)}`;
    const hops = options.http_put_response_hop_limit;
    return hops === 1
      ? undefined
      : `metadata_options.http_put_response_hop_limit is ${JSON.stringify(hops ?? null)}`;
  },
};
