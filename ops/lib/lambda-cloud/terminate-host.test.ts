import { TAG } from '../../../constructs/naming/tags';
import { describeOnLambdaCloud, HOST, MINUTE_MS } from '../../../test/support/lambda-cloud-world';
import { instance } from '../../../test/support/lambda-cloud.double';
import { terminateHost } from './terminate-host';

const OURS = { [TAG.environment]: 'he300-dev' };

describeOnLambdaCloud('to end a host', (world) => {
  const terminate = (deadlineMinutes?: number) =>
    terminateHost(world().api, { host: HOST, deadlineMinutes, progress: world().progress });
  const asked = () => world().requestsFor('/terminate');

  test('that does not end by the deadline is an error', async () => {
    world().account.endMs = 20 * MINUTE_MS;
    world().account.instances.push(instance('a', OURS));
    await expect(terminate()).rejects.toThrow('a is terminating 10 min after it was to end');
  });

  test("ends ours and tells of somebody else's that has its name", async () => {
    world().account.instances.push(
      instance('theirs', {}, 'active', { name: HOST.name }),
      instance('ours', OURS, 'active', { name: 'renamed' }),
    );
    await expect(terminate()).rejects.toThrow('theirs is named he300-dev-gpu-host without the tag');
    expect(world().statuses()).toEqual(['active', 'terminated']);
  });

  test('of no other environment', async () => {
    world().account.instances.push(
      instance('prod', { [TAG.environment]: 'he300-prod' }),
      instance('untagged', {}),
    );
    expect(await terminate()).toEqual([]);
    expect(world().statuses()).toEqual(['active', 'active']);
  });

  test('twice is no error, and asks once', async () => {
    world().account.instances.push(instance('a', OURS));
    expect(await terminate()).toEqual(['a']);
    expect(await terminate()).toEqual([]);
    expect(asked()).toBe(1);
  });

  test('waits until the API says that it is gone', async () => {
    world().account.endMs = 5 * MINUTE_MS;
    world().account.instances.push(instance('a', OURS));
    expect(await terminate()).toEqual(['a']);
    expect(world().statuses()).toEqual(['terminated']);
  });

  test('ends every one that there is', async () => {
    world().account.instances.push(instance('a', OURS), instance('b', OURS, 'unhealthy'));
    expect(await terminate()).toEqual(['a', 'b']);
    expect(world().statuses()).toEqual(['terminated', 'terminated']);
  });

  test('waits for a boot that cannot be ended', async () => {
    Object.assign(world().account, { terminableWhileBooting: false, bootMs: 4 * MINUTE_MS });
    await world().launch();
    expect(await terminate()).toHaveLength(1);
    expect(asked()).toBe(1);
    expect(world().statuses()).toEqual(['terminated']);
  });

  test('ends the host of a killed launch that shows up only after a first look', async () => {
    world().account.listLagMs = 2500;
    await world().api.addSshKey('key', 'ssh-ed25519 A');
    const rulesetId = await world().api.addRuleset('ours', 'us-west-1', []);
    await world().api.launch({
      ...{ region: 'us-west-1', instanceType: 'gpu_1x_a10', name: HOST.name, sshKeyName: 'key', rulesetId },
      ...{ userData: '', tags: OURS },
    });
    expect(await terminate()).toHaveLength(1);
    expect(world().statuses()).toEqual(['terminated']);
  });

  test('that is told to end and goes on is told again', async () => {
    world().account.instances.push(instance('a', OURS));
    const { account } = world();
    const end = account.terminate.bind(account);
    let told = 0;
    account.terminate = (ids) =>
      ++told === 1 ? [200, { data: { terminated_instances: account.instances } }] : end(ids);
    expect(await terminate()).toEqual(['a']);
    expect(told).toBe(2);
  });
});
