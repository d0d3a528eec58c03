import fc from 'fast-check';
import { documentIn } from '../../../test/support/lambda-cloud.double';
import { arbitraryOf } from '../../../test/support/openapi-arbitrary';
import { jsonSchemaOf, operationOf } from '../../../test/support/openapi.double';
import { describeWithSharedData } from '../../../test/support/skip';
import { ANSWERS } from './answers';

const READ = [
  ['GET', '/api/v1/instances', 'instances'],
  ['GET', '/api/v1/instance-types', 'types'],
  ['GET', '/api/v1/regions', 'regions'],
  ['POST', '/api/v1/instance-operations/launch', 'launched'],
  ['GET', '/api/v1/ssh-keys', 'sshKeys'],
  ['GET', '/api/v1/firewall-rulesets', 'rulesets'],
  ['POST', '/api/v1/firewall-rulesets', 'ruleset'],
  ['GET', '/api/v1/firewall-rulesets/global', 'globalRules'],
] as const;

test('every answer that is read is among them', () => {
  expect(READ.map(([, , name]) => name).sort()).toEqual(Object.keys(ANSWERS).sort());
});

describeWithSharedData("the vendor's document", (data) => {
  const api = documentIn(data);

  test.each(READ)('%s %s: whatever it allows can be read', (method, path, name) => {
    const schema = jsonSchemaOf(operationOf(api, method, path)!.responses['200'])!;
    fc.assert(
      fc.property(arbitraryOf(api, schema.properties!.data!), (value) => {
        expect(ANSWERS[name].safeParse(value)).toMatchObject({ success: true });
      }),
      { numRuns: 50 },
    );
  });

  test('what is read of an instance holds no secret', () => {
    const schema = jsonSchemaOf(operationOf(api, 'GET', '/api/v1/instances')!.responses['200'])!;
    const [instances] = fc.sample(arbitraryOf(api, schema.properties!.data!), 1) as [object[]];
    const secret = { jupyter_token: 'top-secret', jupyter_url: 'https://x/?token=top-secret' };
    const read = ANSWERS.instances.parse(instances.map((one) => ({ ...one, ...secret })));
    expect(JSON.stringify(read)).not.toContain('top-secret');
  });
});

test('of tags and times, what cannot be read is absent', () => {
  const one = {
    ...{ id: 'a', status: 'active', region: { name: 'r' } },
    instance_type: { name: 't', description: '', price_cents_per_hour: 75 },
    actions: { terminate: { available: false } },
    tags: [{ key: 'he300:launched-at', value: 'yesterday' }],
  };
  expect(ANSWERS.instances.parse([one])).toMatchObject([
    { launchedAt: undefined, usdPerHour: 0.75, terminable: false, ip: undefined },
  ]);
});
