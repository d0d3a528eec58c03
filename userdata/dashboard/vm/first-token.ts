/** The first administrator's token: made at the first start, and put where administrators of the account can read it. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsRefused, type Aws } from '../../vm/aws';
import type { VmConfig } from '../config';
import { dashboardCli } from './dashboard-cli';

/** In the data directory, once the token is in its parameter. */
const DONE = 'first-token-is-written';

/** What `token create` prints. */
const TOKEN = /\bhe300_[\w-]{43}\b/;

/**
 * Does nothing where that is done already. The parameter is encrypted with the environment's key; a machine that was ended
 * in between makes another token, and overwrites the parameter.
 * @param program the dashboard's `dashboard.mjs`
 * @throws Error when there is no token, or SSM refuses it
 */
export async function writeFirstToken(
  { dataDir, firstTokenParameter, keyAlias }: Pick<VmConfig, 'dataDir' | 'firstTokenParameter' | 'keyAlias'>,
  program: string,
  aws: Aws,
): Promise<void> {
  if (existsSync(join(dataDir, DONE))) return;
  await dashboardCli(program, ['migrate']);
  const printed = await dashboardCli(program, ['token', 'create', 'first', '--role', 'admin']);
  const [token] = TOKEN.exec(printed) ?? [];
  if (!token) throw new Error('token create: no token was printed');
  await aws
    .call('ssm', 'AmazonSSM.PutParameter', {
      Name: firstTokenParameter,
      Value: token,
      Type: 'SecureString',
      KeyId: keyAlias,
      Overwrite: true,
    })
    .catch((error: unknown) => {
      throw error instanceof AwsRefused ? new Error(`${firstTokenParameter}: ${error.kind}`) : error;
    });
  await writeFile(join(dataDir, DONE), '');
}
