import { namesOf } from '../../../constructs/naming/names';
import { loadEnvironment } from '../../../environments';
import { largestEnvironment } from '../../../test/support/stacks';
import { hostIdentity } from './host';
import { hostTags } from './host-tags';
import { checkTags } from './tags';

test.each([['dev', loadEnvironment('dev')] as const, ['the largest', largestEnvironment()] as const])(
  'the host of %s has the name that the environment gives it, within the 64 characters of the API',
  (_title, env) => {
    const { prefix, host } = namesOf(env);
    expect(hostIdentity(prefix)).toEqual({ environment: prefix, name: host });
    expect(host.length).toBeLessThanOrEqual(64);
  },
);

test('tags of ours are tags that the API takes', () => {
  expect(() => checkTags(hostTags(loadEnvironment('dev')))).not.toThrow();
});
