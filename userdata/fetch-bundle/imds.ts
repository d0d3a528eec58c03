/** Credentials of the instance's role, from the metadata service, version 2. */

export const IMDS_URL = 'http://169.254.169.254';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** It is a hop away. */
const TIME_LIMIT_MS = 5_000;
const ROLES = 'meta-data/iam/security-credentials/';

/** @throws Error when the service does not answer, or the instance has no role yet */
export async function roleCredentials(baseUrl: string): Promise<Credentials> {
  const ask = async (path: string, init: RequestInit): Promise<string> => {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    const response = await fetch(`${baseUrl}/latest/${path}`, { ...init, signal });
    if (!response.ok) throw new Error(`instance metadata: ${path}: HTTP ${response.status}`);
    return response.text();
  };
  const token = await ask('api/token', {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '300' },
  });
  const headers = { 'x-aws-ec2-metadata-token': token };
  const [role = ''] = (await ask(ROLES, { headers })).trim().split('\n');
  const answer = JSON.parse(await ask(ROLES + role, { headers })) as Record<string, string | undefined>;
  const { AccessKeyId, SecretAccessKey, Token } = answer;
  if (!AccessKeyId || !SecretAccessKey || !Token) throw new Error(`instance metadata: no keys for ${role}`);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token };
}
