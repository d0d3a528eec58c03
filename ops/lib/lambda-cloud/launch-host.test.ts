import { LAUNCHED_AT_TAG } from '../../../constructs/lifetime/reaper/clouds/lambda-cloud';
import { TAG } from '../../../constructs/naming/tags';
import { describeOnLambdaCloud, HOST, MINUTE_MS } from '../../../test/support/lambda-cloud-world';
import { instance } from '../../../test/support/lambda-cloud.double';
import { terminateHost } from './terminate-host';

const LAUNCH = '/launch';
const OURS = { [TAG.environment]: 'he300-dev', [LAUNCHED_AT_TAG]: '2026-06-17T11:00:00Z' };

describeOnLambdaCloud('what a launch may not do', (world) => {
  test.each([
    ['a type that is not offered', { instanceType: 'gpu_9x' }, "type 'gpu_9x'; allowed: gpu_1x_a10"],
    [
      'a region that does not exist',
      { regions: ['us-west-1', 'us-wets-1'], waitForCapacityMinutes: 600 },
      "region 'us-wets-1'; allowed: us-west-1, us-east-1, us-south-2",
    ],
    [
      'a price above the cap',
      { priceCapUsd: 1.5 },
      'a run on gpu_1x_a10 may cost $1.56 at $0.75/h; allowed: at most $1.50',
    ],
    [
      'user data of more than 1 MB',
      { userData: '#'.repeat(1_000_001) },
      'user data: 1000001 bytes of text; allowed: at most 1000000',
    ],
    ['a tag that the API refuses', { tags: { 'Cost Center': '7' } }, /^tag 'Cost Center'; allowed on Lambda/],
    ['a value that it refuses', { tags: { team: 'x'.repeat(129) } }, /^tag team: 129 characters; allowed/],
    ['a key that is not there', { sshKeyName: 'nobody-has-it' }, /object-does-not-exist$/],
  ])('%s: no host, and why in one line', async (_title, change, message) => {
    await expect(world().launch(change)).rejects.toThrow(message);
    expect(world().statuses()).toEqual([]);
  });

  test("an instance of somebody else's that has the name is left alone, and not taken for ours", async () => {
    world().account.instances.push(instance('theirs', {}, 'active', { name: HOST.name }));
    await expect(world().launch()).rejects.toThrow(
      'theirs is named he300-dev-gpu-host without the tag he300:environment=he300-dev',
    );
    expect(world().statuses()).toEqual(['active']);
  });

  test('an answer that is not as documented launches nothing, and shows nothing of it', async () => {
    const { id: _, ...nameless } = instance('a', OURS);
    world().account.instances.push(nameless as ReturnType<typeof instance>);
    await expect(world().launch()).rejects.toThrow(
      'lambda cloud: GET /api/v1/instances: data.0.id is not as documented',
    );
    expect(world().requestsFor(LAUNCH)).toBe(0);
    expect(world().double.faults.splice(0)).toEqual([expect.stringMatching(/\.id: is missing$/)]);
  });
});

describeOnLambdaCloud('a launch', (world) => {
  test('gives the host its name, its tags, its firewall and its user data', async () => {
    const host = await world().launch({ userData: '#cloud-config\nbootcmd: []\n' });
    expect(host).toMatchObject({ region: 'us-west-1', launched: true, upperBoundUsd: 1.5625 });
    const [body] = world().account.launches;
    expect(body).toMatchObject({ name: 'he300-dev-gpu-host', user_data: '#cloud-config\nbootcmd: []\n' });
    expect(Object.fromEntries(body!.tags!.map(({ key, value }) => [key, value]))).toEqual({
      'he300:environment': 'he300-dev',
      'he300:owner': 'he300-dev',
      'he300:role': 'gpu-host',
      'he300:time-limit-minutes': '120',
      'he300:launched-at': expect.stringMatching(/^2026-06-17T12:00:\d\d/),
    });
    const [ruleset] = world().account.rulesets;
    expect(ruleset).toMatchObject({ name: 'he300-dev-gpu-host', region: { name: 'us-west-1' }, rules: [] });
    expect(body!.firewall_rulesets).toEqual([{ id: ruleset!.id }]);
  });

  test('names a key that nobody has, and makes it once', async () => {
    await world().launch();
    await terminateHost(world().api, { host: HOST, progress: world().progress });
    await world().launch();
    const { sshKeys, launches } = world().account;
    expect(sshKeys.map(({ name }) => name)).toEqual(['he300-dev-nobody']);
    expect(sshKeys[0]!.public_key).toMatch(/^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[\w+/]+ nobody$/);
    expect(launches.map((body) => body.ssh_key_names)).toEqual(Array(2).fill(['he300-dev-nobody']));
  });

  test('finds the host that is there, and asks for nothing else', async () => {
    const { id } = await world().launch();
    const before = world().double.requests.length;
    expect(await world().launch({ priceCapUsd: 0.01 })).toMatchObject({ id, launched: false });
    expect(world().double.requests.slice(before)).toEqual(['GET /api/v1/instances']);
  });

  test.each(['terminated', 'terminating', 'preempted'])('does not count one that is %s', async (status) => {
    world().account.instances.push(instance('gone', OURS, status));
    expect(await world().launch()).toMatchObject({ launched: true });
  });

  test.each(['booting', 'unhealthy'])('counts one that is %s', async (status) => {
    world().account.instances.push(instance('there', OURS, status));
    expect(await world().launch()).toMatchObject({ id: 'there', launched: false });
  });

  test('counts one in a state that the document does not know, for it may cost money', async () => {
    world().account.instances.push(instance('there', OURS, 'hibernating'));
    expect(await world().launch()).toMatchObject({ id: 'there', launched: false });
    expect(world().double.faults.splice(0)).toEqual([expect.stringContaining('"hibernating" is not one of')]);
  });

  test('waits for a host that is not in the list yet', async () => {
    world().account.listLagMs = 20_000;
    expect(await world().launch()).toMatchObject({ launched: true });
    expect(world().statuses()).toHaveLength(1);
  });

  test('ends what it launched when the list never shows it', async () => {
    world().account.listLagMs = 10 * MINUTE_MS;
    await expect(world().launch()).rejects.toThrow(/was launched and is not in the list 60 s later$/);
    expect(world().statuses()).toEqual(['terminated']);
  });
});

describeOnLambdaCloud('without capacity', (world) => {
  const INSUFFICIENT = '(instance-operations/launch/insufficient-capacity)';
  const emptied = () => world().account.capacity.forEach((_n, region, all) => all.set(region, 0));

  test('everywhere: fails at once, with an exit code of its own', async () => {
    emptied();
    await expect(world().launch()).rejects.toThrow(
      expect.objectContaining({
        message: `no capacity for gpu_1x_a10 in us-west-1, us-east-1 ${INSUFFICIENT}`,
        exitCode: 75,
      }),
    );
    expect(world().requestsFor(LAUNCH)).toBe(0);
  });

  test('in the first region: takes the second', async () => {
    world().account.capacity.set('us-west-1', 0);
    expect(await world().launch()).toMatchObject({ region: 'us-east-1' });
  });

  test('in a region that was said to have some: takes the second', async () => {
    world().account.capacity.set('us-west-1', 0);
    world().account.falselyFree.add('us-west-1');
    expect(await world().launch()).toMatchObject({ region: 'us-east-1' });
    expect(world().requestsFor(LAUNCH)).toBe(2);
  });

  test('in the first region, which takes its host back at once: takes the second', async () => {
    world().account.fates.push('preempted');
    expect(await world().launch()).toMatchObject({ region: 'us-east-1' });
    expect(world().statuses()).toEqual(['preempted', 'active']);
  });

  test('a region that was not asked for is not taken', async () => {
    emptied();
    world().account.capacity.set('us-south-2', 9);
    await expect(world().launch()).rejects.toThrow('no capacity');
  });

  test('with a quota that is used up: fails as without capacity, with the API’s word for it', async () => {
    world().double.troubled = (what) => what.endsWith(LAUNCH);
    world().double.trouble.push({ status: 400, code: 'global/quota-exceeded' });
    await expect(world().launch({ waitForCapacityMinutes: 60 })).rejects.toThrow(
      'no capacity for gpu_1x_a10 in us-west-1 (global/quota-exceeded)',
    );
  });

  describe('but with time to wait', () => {
    test('takes the first that comes', async () => {
      emptied();
      const opens = world().clock.now() + 40 * MINUTE_MS;
      world().double.onMoment = () => {
        if (world().clock.now() >= opens) world().account.capacity.set('us-east-1', 1);
      };
      expect(await world().launch({ waitForCapacityMinutes: 60 })).toMatchObject({ region: 'us-east-1' });
      expect(world().clock.now()).toBeLessThan(opens + 2 * MINUTE_MS);
    });

    test('gives up at the deadline, and not before', async () => {
      emptied();
      const began = world().clock.now();
      await expect(world().launch({ waitForCapacityMinutes: 30 })).rejects.toThrow('no capacity');
      expect((world().clock.now() - began) / MINUTE_MS).toBeGreaterThanOrEqual(30);
      expect((world().clock.now() - began) / MINUTE_MS).toBeLessThan(31);
    });

    test('gives up when the price rises above the cap meanwhile', async () => {
      emptied();
      world().double.onMoment = () => {
        if (world().requestsFor('/instance-types') === 5) world().account.priceCentsPerHour = 500;
      };
      await expect(world().launch({ waitForCapacityMinutes: 60 })).rejects.toThrow(
        'a run on gpu_1x_a10 may cost $10.42 at $5.00/h; allowed: at most $4.00',
      );
    });

    test('finds the host that somebody else launched meanwhile', async () => {
      emptied();
      world().double.onMoment = () => {
        if (world().requestsFor('/instance-types') !== 5 || world().statuses().length > 0) return;
        world().account.instances.push(instance('other', OURS));
        world().account.capacity.set('us-west-1', 1);
      };
      expect(await world().launch({ waitForCapacityMinutes: 60 })).toMatchObject({
        id: 'other',
        launched: false,
      });
      expect(world().requestsFor(LAUNCH)).toBe(0);
    });

    test('ends at once when it is interrupted', async () => {
      emptied();
      const controller = new AbortController();
      world().double.onMoment = () => {
        if (world().requestsFor('/instance-types') === 5) controller.abort(new Error('interrupted'));
      };
      await expect(
        world().launch({ waitForCapacityMinutes: 600, signal: controller.signal }),
      ).rejects.toThrow('interrupted');
      expect(world().requestsFor('/instance-types')).toBe(5);
    });
  });
});

describeOnLambdaCloud('a launch whose answer is lost', (world) => {
  beforeEach(() => (world().double.troubled = (what) => what.endsWith(LAUNCH)));

  test.each([
    ['hang up' as const],
    ['cut short' as const],
    [500],
    [503],
    [{ status: 400, code: 'provider/timeout' }],
    [{ status: 409, code: 'global/internal-error' }],
  ])('%p, and it took effect: the host is found, and no second one is launched', async (trouble) => {
    world().double.trouble.push(trouble);
    world().double.troubleTakesEffect = true;
    world().account.listLagMs = 10_000;
    expect(await world().launch()).toMatchObject({ id: world().account.instances[0]!.id });
    expect(world().requestsFor(LAUNCH)).toBe(1);
    expect(world().statuses()).toEqual(['active']);
  });

  test.each([['hang up' as const], [503], [{ status: 400, code: 'provider/timeout' }]])(
    '%p, and it did not: it is launched again, once it has not shown up for half a minute',
    async (trouble) => {
      world().double.trouble.push(trouble, trouble);
      const began = world().clock.now();
      expect(await world().launch()).toMatchObject({ launched: true });
      expect(world().clock.now() - began).toBeGreaterThan(60_000);
      expect(world().statuses()).toEqual(['active']);
    },
  );

  test('and the host shows up only when a second one is there: the first stays', async () => {
    world().double.trouble.push('hang up');
    world().double.troubleTakesEffect = true;
    world().account.listLagMs = 40_000;
    expect(await world().launch()).toMatchObject({ id: world().account.instances[0]!.id, launched: false });
    expect(world().statuses()).toEqual(['active', 'terminated']);
  });

  test('three times: it says so', async () => {
    world().double.trouble.push(503, 503, 503);
    await expect(world().launch()).rejects.toThrow(
      'lambda cloud: POST /api/v1/instance-operations/launch: 503 provider/internal-unavailable',
    );
    expect(world().statuses()).toEqual([]);
    expect(world().lines.at(-1)).toBe(
      'a host may still appear; end it with: npm run lambda -- terminate --prefix he300-dev',
    );
  });

  test('with words that cannot be read: the host is looked for all the same', async () => {
    const { account } = world();
    const begin = account.launch.bind(account);
    account.launch = (body) => (begin(body), [200, { data: { instance_ids: 'one' } }]);
    expect(await world().launch()).toMatchObject({ id: account.instances[0]!.id });
    expect(world().statuses()).toHaveLength(1);
    expect(world().double.faults.splice(0)).toEqual([
      expect.stringMatching(/instance_ids: "one" is no array$/),
    ]);
  });

  test('and that is interrupted meanwhile: the host is ended', async () => {
    const controller = new AbortController();
    world().double.trouble.push('hang up');
    world().double.troubleTakesEffect = true;
    world().account.listLagMs = 3500;
    let looks = 0;
    world().double.onMoment = (what, moment) => {
      if (moment !== 'done' || !what.endsWith('/instances') || world().statuses().length === 0) return;
      if (++looks === 2) controller.abort(new Error('interrupted'));
    };
    await expect(world().launch({ signal: controller.signal })).rejects.toThrow('interrupted');
    expect(world().statuses()).toEqual(['terminated']);
  });

  test('429: it did nothing, so it is sent again at the pace of launches', async () => {
    world().double.trouble.push(429, 429);
    const began = world().clock.now();
    expect(await world().launch()).toMatchObject({ launched: true });
    expect(world().clock.now() - began).toBeGreaterThanOrEqual(24_000);
    expect(world().statuses()).toHaveLength(1);
  });

  test('because its key was refused: it says so at once', async () => {
    world().double.trouble.push({ status: 401, code: 'global/invalid-api-key' });
    await expect(world().launch()).rejects.toThrow(/401 global\/invalid-api-key$/);
    expect(world().requestsFor(LAUNCH)).toBe(1);
  });
});

describeOnLambdaCloud('two launchers at once', (world) => {
  test('the later one of which was killed: its host ends too', async () => {
    const { id } = await world().launch();
    const later = { ...OURS, [LAUNCHED_AT_TAG]: '2026-06-17T13:00:00Z' };
    world().account.instances.push(instance('later', later));
    expect(await world().launch()).toMatchObject({ id, launched: false });
    expect(world().statuses()).toEqual(['active', 'terminated']);
  });

  test('one whose host does not tell its launch is the later one', async () => {
    world().account.instances.push(instance('a', { [TAG.environment]: 'he300-dev' }), instance('b', OURS));
    expect(await world().launch()).toMatchObject({ id: 'b' });
    expect(world().statuses()).toEqual(['terminated', 'active']);
  });

  test('a host too many that cannot be ended while it boots is ended afterwards', async () => {
    Object.assign(world().account, { terminableWhileBooting: false, bootMs: 3 * MINUTE_MS });
    world().double.onMoment = (what, moment) => {
      if (what.endsWith(LAUNCH) && moment === 'done') world().account.instances.push(instance('first', OURS));
    };
    expect(await world().launch()).toMatchObject({ id: 'first', launched: false });
    expect(world().statuses()).toEqual(['terminated', 'active']);
  });

  test('one that can never be ended is told of', async () => {
    Object.assign(world().account, { terminableWhileBooting: false, bootMs: 60 * MINUTE_MS });
    world().double.onMoment = (what, moment) => {
      if (what.endsWith(LAUNCH) && moment === 'done') world().account.instances.push(instance('first', OURS));
    };
    await expect(world().launch()).rejects.toThrow(/^\d+ cannot be ended and is one too many$/);
    expect(world().lines.at(-1)).toMatch(/^\d+ may still be running: .* 400 global\/invalid-parameters$/);
  });
});

describeOnLambdaCloud('an interrupted launch', (world) => {
  test('ends the host that it has launched', async () => {
    const controller = new AbortController();
    world().double.onMoment = (what, moment) => {
      if (what.endsWith(LAUNCH) && moment === 'done') controller.abort(new Error('interrupted'));
    };
    world().account.listLagMs = 5000;
    await expect(world().launch({ signal: controller.signal })).rejects.toThrow('interrupted');
    expect(world().statuses()).toEqual(['terminated']);
  });

  test('ends it too when it was just about to tell of it', async () => {
    const controller = new AbortController();
    world().double.onMoment = (_what, moment) => {
      if (moment === 'answered' && world().double.requests.length === 11)
        controller.abort(new Error('interrupted'));
    };
    await expect(world().launch({ signal: controller.signal })).rejects.toThrow('interrupted');
    expect(world().statuses()).toEqual(['terminated']);
  });

  test('leaves the host that was there before', async () => {
    world().account.instances.push(instance('there', OURS));
    const controller = new AbortController();
    world().double.onMoment = () => controller.abort(new Error('interrupted'));
    await expect(world().launch({ signal: controller.signal })).rejects.toThrow('interrupted');
    expect(world().statuses()).toEqual(['active']);
  });
});

// Not limited: two programs on one clock that jumps would starve each other, as they cannot in real time.
describeOnLambdaCloud(
  'an account that others use too',
  (world) => {
    test('two launchers at once end up with one host, which both name', async () => {
      world().account.listLagMs = 500;
      const [a, b] = await Promise.all([1, 2].map(() => world().launch({}, world().newApi())));
      expect(a!.id).toBe(b!.id);
      expect(
        world()
          .statuses()
          .filter((status) => status !== 'terminated'),
      ).toEqual(['active']);
    });

    test('turns requests away, which come again until they are heard', async () => {
      world().double.trouble.push(429, 503, 429, { status: 429, code: 'global/rate' });
      expect(await world().launch()).toMatchObject({ launched: true });
    });
  },
  { limited: false },
);
