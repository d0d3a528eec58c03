import { loadEnvironment } from '../../environments';
import { devWith, largestEnvironment, stacksOf } from '../../test/support/stacks';
import { ownerTags, TAG } from './tags';

test('tags of somebody’s own cannot hide whose a resource is', () => {
  const tags = {
    ...devWith({}).tags,
    [TAG.environment]: 'he300-prod',
    [TAG.owner]: 'nobody',
    team: 'safety',
  };
  expect(ownerTags(devWith({ tags }))).toEqual({
    'he300:environment': 'he300-dev',
    'he300:owner': 'he300-dev',
    team: 'safety',
  });
});

test('every provider of every stack tags what it makes', () => {
  const { host, platform } = stacksOf(loadEnvironment('dev'));
  for (const { json } of [host, platform]) {
    const providers = (json.provider as { aws: { default_tags: unknown }[] }).aws;
    expect(providers).toHaveLength(2);
    for (const { default_tags } of providers)
      expect(default_tags).toEqual([{ tags: ownerTags(loadEnvironment('dev')) }]);
  }
});

test('with as many tags as an environment may have, no object has more than the ten that S3 takes', () => {
  const tags = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`team-${i}`, 'x']));
  expect(Object.keys(ownerTags({ ...largestEnvironment(), tags }))).toHaveLength(10);
});
