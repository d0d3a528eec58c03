import { InputError } from '../../../errors';
import { VaultClient, VaultError } from '../../../vault';
import { AwsClient } from '../../aws/client';
import { Secret } from '../../log/secret';
import { AwsIamLogin } from './aws-iam-login';

const aws = new AwsClient({
  credentials: () =>
    Promise.resolve({
      accessKeyId: 'AKIAEXAMPLE',
      secretAccessKey: new Secret('the-secret-key'),
      sessionToken: new Secret('the-session-token'),
    }),
  endpoint: 'http://127.0.0.1:1',
});

interface Sent {
  readonly url: string;
  readonly body: Readonly<Record<string, string>>;
}

function loginTo(status: number, answer: object): { readonly login: AwsIamLogin; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    sent.push({ url: (input as URL).href, body: JSON.parse(init!.body as string) as Sent['body'] });
    return Promise.resolve(new Response(JSON.stringify(answer), { status }));
  };
  const client = new VaultClient({ address: 'https://vault.example.org', fetch });
  const login = new AwsIamLogin({ client, aws, role: 'he300-dev-host', serverId: 'vault.example.org' });
  return { login, sent };
}

const refusedWith = (error: string) => loginTo(400, { errors: [error] }).login.logIn();

test.each([
  'entry for role "he300-dev-host" not found',
  'IAM Principal "arn:aws:sts::1:assumed-role/other/i-1" does not belong to the role "he300-dev-host"',
  'error validating X-Vault-AWS-IAM-Server-ID header: expected "a" but got "b"',
])('what Vault refuses it will refuse again: %s', async (said) => {
  const refused = refusedWith(said);
  await expect(refused).rejects.toThrow(InputError);
  await expect(refused).rejects.toThrow(
    `vault: POST auth/aws/login at https://vault.example.org: ${said}; ` +
      'the host logs in as he300-dev-host, for the server vault.example.org',
  );
});

test('an STS that Vault does not reach may be there at the next attempt', async () => {
  const refused = refusedWith('error making upstream request: error making request: dial tcp: i/o timeout');
  await expect(refused).rejects.toThrow(VaultError);
  await expect(refused).rejects.not.toThrow(InputError);
});

test('an answer without a token is not taken for a login', async () => {
  const { login } = loginTo(200, { auth: null });
  await expect(login.logIn()).rejects.toThrow('vault: the login brought no token');
});

test('the question is AWS’s own, signed for this server and for nobody’s emulator, and holds no secret', async () => {
  const auth = { client_token: 't', token_policies: ['host'], lease_duration: 1800, renewable: true };
  const { login, sent } = loginTo(200, { auth });
  expect(await login.logIn()).toEqual({
    ...{ token: 't', policies: ['host'], leaseSeconds: 1800, renewable: true },
  });
  const [{ url, body }] = sent as [Sent];
  const decoded = (field: string): string => Buffer.from(body[field]!, 'base64').toString();
  expect(url).toBe('https://vault.example.org/v1/auth/aws/login');
  expect(body).toMatchObject({ role: 'he300-dev-host', iam_http_request_method: 'POST' });
  expect(decoded('iam_request_url')).toBe('https://sts.amazonaws.com/');
  expect(decoded('iam_request_body')).toBe('Action=GetCallerIdentity&Version=2011-06-15');
  const headers = JSON.parse(decoded('iam_request_headers')) as Record<string, string>;
  expect(headers).toMatchObject({
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-vault-aws-iam-server-id': 'vault.example.org',
    'x-amz-security-token': 'the-session-token',
  });
  const signed = /SignedHeaders=([^,]+)/.exec(headers['authorization']!)![1]!.split(';');
  expect(signed).toEqual(['host', 'x-amz-date', 'x-amz-security-token', 'x-vault-aws-iam-server-id']);
  expect(headers['authorization']).toMatch(/Credential=AKIAEXAMPLE\/\d{8}\/us-east-1\/sts\/aws4_request/);
  expect(JSON.stringify(headers)).not.toContain('the-secret-key');
});
