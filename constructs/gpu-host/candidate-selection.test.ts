import { loadEnvironment } from '../../environments';
import { devWith, stacksOf, type Synthesized } from '../../test/support/stacks';

const dev = loadEnvironment('dev');
const localsOf = (host: Synthesized) => host.json.locals as Record<string, unknown>;
const preconditionsOf = (host: Synthesized) =>
  host.all('aws_instance').map(({ lifecycle }) => (lifecycle as { precondition: unknown }).precondition);

describe('a candidate that cannot be launched', () => {
  test.each([
    ['is none of the list', dev, '7', "HE300_CANDIDATE: '7'; allowed: 0 to 3, "],
    [
      'may cost more than the cap',
      devWith({ run: { ...dev.run, priceCapUsd: 1 } }),
      undefined,
      'environments/dev.ts: gpu.candidates[0]: ',
    ],
  ])('stops the plan of a launch when it %s, and no other command', (_why, environment, candidate, fault) => {
    const { host } = stacksOf(environment, { candidate });
    expect(localsOf(host).request_fault).toMatch(fault);
    for (const precondition of preconditionsOf(host))
      expect(precondition).toContainEqual({
        condition: '${local.request_fault == "" || length(local.alive) > 0}',
        error_message: '${local.request_fault}',
      });
  });
});

test('a run that is alive on a candidate which was taken out of the list is not left behind', () => {
  for (const precondition of preconditionsOf(stacksOf(dev).host))
    expect(precondition).toContainEqual({
      condition: '${local.hosts_alive == 0 || length(local.alive) > 0}',
      error_message: expect.stringMatching(
        /^a run is alive on a candidate that gpu\.candidates no longer lists; /,
      ) as string,
    });
});

test.each([
  [undefined, 'aws/us-east-1a/g5.xlarge/spot'],
  ['3', 'aws/us-west-2a/g5.xlarge/on-demand'],
])('HE300_CANDIDATE=%s asks for %s, unless a run is in flight elsewhere', (candidate, key) => {
  const locals = localsOf(stacksOf(dev, { candidate }).host);
  expect(locals).toMatchObject({
    requested: key,
    request_fault: '',
    chosen: '${length(local.alive) > 0 ? local.alive[0] : local.requested}',
    candidate: '${local.candidates[local.chosen]}',
  });
  expect(locals.candidates).toHaveProperty([key]);
});

test('a run in flight is known by our tags and its candidate, in that candidate’s region', () => {
  const lookups = stacksOf(dev).host.json.data!.aws_instances!;
  expect(lookups.alive_on_3).toMatchObject({
    provider: 'aws.us_west_2',
    instance_state_names: ['pending', 'running', 'stopping', 'stopped'],
    instance_tags: {
      'he300:environment': 'he300-dev',
      'he300:role': 'gpu-host',
      'he300:candidate': 'aws/us-west-2a/g5.xlarge/on-demand',
    },
  });
  expect(lookups.alive_in_us_west_2!.instance_tags).not.toHaveProperty(['he300:candidate']);
});
