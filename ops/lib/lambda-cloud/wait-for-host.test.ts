import { TAG } from '../../../constructs/naming/tags';
import { describeOnLambdaCloud, HOST, MINUTE_MS } from '../../../test/support/lambda-cloud-world';
import { instance } from '../../../test/support/lambda-cloud.double';
import { waitForHost } from './wait-for-host';

const OURS = { [TAG.environment]: 'he300-dev' };

describeOnLambdaCloud('to wait for a host', (world) => {
  const wait = (signal?: AbortSignal) =>
    waitForHost(world().api, { host: HOST, signal, progress: world().progress });

  test('that does not exist is an error', async () => {
    await expect(wait()).rejects.toThrow("no host carries he300-dev's tag");
  });

  test.each(['terminating', 'terminated', 'preempted'])('that is %s is an error', async (status) => {
    world().account.instances.push(instance('a', OURS, status));
    await expect(wait()).rejects.toThrow(`a is ${status}`);
  });

  test('that is preempted while it boots is an error', async () => {
    Object.assign(world().account, { bootMs: 5 * MINUTE_MS, fates: ['preempted'] });
    const { id } = await world().launch();
    await expect(wait()).rejects.toThrow(`${id} is preempted`);
  });

  test('that never boots is an error at the deadline', async () => {
    world().account.bootMs = 60 * MINUTE_MS;
    const { id } = await world().launch();
    const began = world().clock.now();
    await expect(wait()).rejects.toThrow(`${id} is booting after 20 min of waiting`);
    expect(Math.floor((world().clock.now() - began) / MINUTE_MS)).toBe(20);
  });

  test('ends when it is interrupted', async () => {
    world().account.instances.push(instance('a', OURS, 'booting'));
    const controller = new AbortController();
    world().double.onMoment = () => controller.abort(new Error('interrupted'));
    await expect(wait(controller.signal)).rejects.toThrow('interrupted');
  });

  test('that boots slowly gives it when it is up, with its address', async () => {
    world().account.bootMs = 12 * MINUTE_MS;
    const { id } = await world().launch();
    expect(await wait()).toMatchObject({ id, status: 'active', ip: '198.51.100.2' });
  });
});
