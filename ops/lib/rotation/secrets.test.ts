import { VaultError } from '../../../benchmark/src/vault';
import { KvDouble } from './kv.double';
import type { VaultSecretsOf } from './secrets';

const PATH = 'he300/thing';
const ASKS: readonly [string, (secrets: VaultSecretsOf) => Promise<unknown>, unknown][] = [
  ['reads', (secrets) => secrets.read(PATH), undefined],
  ['lists', (secrets) => secrets.list('he300'), []],
  ['asks when it was written', (secrets) => secrets.metadata(PATH), undefined],
  ['drops', (secrets) => secrets.drop(PATH), undefined],
];

test.each(ASKS)('who %s what is not there is told so', async (_does, ask, nothing) => {
  expect(await ask(new KvDouble(() => new Date()).secrets())).toEqual(nothing);
});

test.each(ASKS)('who %s where no engine is mounted is not told that there is nothing', async (_does, ask) => {
  const secrets = new KvDouble(() => new Date()).secrets(undefined, 'he300-prdo');
  await expect(ask(secrets)).rejects.toThrow(VaultError);
  await expect(ask(secrets)).rejects.toThrow(/no handler for route "he300-prdo\//);
});
