import { CliError } from './cli';
import { explain } from './cloud';

const env = { name: 'dev', homeRegion: 'us-east-1' } as const;
const failure = (name: string, more = {}): Error =>
  Object.assign(new Error(`long story\nin lines`), { name, ...more });

test.each([
  [
    'CredentialsProviderError',
    'no AWS credentials; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  ],
  ['ExpiredToken', 'AWS credentials have expired; log in again'],
  ['AuthFailure', 'AWS does not accept these credentials in this region (AuthFailure)'],
  ['NoSuchBucket', 'no state bucket; create it with: npm run bootstrap -- dev'],
  [
    'PermanentRedirect',
    'the state bucket is in another region; allowed: us-east-1, homeRegion of environments/dev.ts',
  ],
  ['SomethingNew', 'SomethingNew: long story'],
])('%s is one line that says what to do', (name, line) => expect(explain(failure(name), env)).toBe(line));

test('an address that does not answer is named', () => {
  process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:9';
  try {
    expect(explain(failure('Error', { code: 'ECONNREFUSED' }), env)).toBe(
      'no answer from http://127.0.0.1:9 (ECONNREFUSED)',
    );
  } finally {
    delete process.env.AWS_ENDPOINT_URL;
  }
});

test('what is clear already stays as it is', () =>
  expect(explain(new CliError('not today'), env)).toBe('not today'));
