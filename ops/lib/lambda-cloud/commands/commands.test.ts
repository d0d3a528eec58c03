import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TAG } from '../../../../constructs/naming/tags';
import { API_KEY, instance, LambdaCloudDouble } from '../../../../test/support/lambda-cloud.double';
import { describeWithSharedData } from '../../../../test/support/skip';
import { COMMANDS } from '.';

const FAST = { LAMBDA_CLOUD_REQUESTS_PER_SECOND: '1000', LAMBDA_CLOUD_LAUNCHES_PER_MINUTE: '60000' };

describeWithSharedData('npm run lambda', (data) => {
  const folder = mkdtempSync(join(tmpdir(), 'he300-lambda-'));
  const given = { ...process.env };
  let double: LambdaCloudDouble;
  let userData: string;
  beforeEach(async () => {
    double = await LambdaCloudDouble.start(data);
    userData = join(folder, 'user-data');
    writeFileSync(userData, '#cloud-config\n');
    const reach = { LAMBDA_CLOUD_ENDPOINT: double.endpoint, LAMBDA_CLOUD_API_KEY: API_KEY };
    Object.assign(process.env, FAST, reach);
  });
  afterEach(async () => {
    process.env = { ...given };
    await double.stop();
    expect(double.faults).toEqual([]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function lambda(...argv: string[]) {
    let [stdout, stderr] = ['', ''];
    const code = await COMMANDS[argv[0]!]!.execute(argv, {
      stdout: (text) => void (stdout += text),
      stderr: (text) => void (stderr += text),
      onInterrupt: () => undefined,
    });
    return { code, stdout, stderr: stderr.replaceAll(folder, '') };
  }
  const launch = (...more: string[]) =>
    lambda(
      ...['launch', 'dev', '--type', 'gpu_1x_a10', '--region', 'us-west-1', '--user-data', userData, ...more],
    );
  const json = async (...argv: string[]) => JSON.parse((await lambda(...argv, '--json')).stdout) as unknown;

  describe('says in one line what is wrong', () => {
    const region = ['--region', 'us-west-1'];
    test.each([
      [['launch', 'dev'], 2, 'launch: missing option --type; see --help'],
      [['launch', 'dev', '--type', 't'], 2, 'launch: missing option --region; see --help'],
      [['launch', 'dev', '--type', 't', ...region], 2, 'launch: missing option --user-data; see --help'],
      [['launch'], 2, 'launch: missing argument <env>; see --help'],
      [['firewall', 'dev'], 2, 'firewall: missing option --region; see --help'],
      [['firewall', 'dev', '--region', 'x'], 1, /^firewall: region 'x'; allowed: us-west-1, us-east-1/],
      [['terminate'], 2, 'terminate: allowed: either an environment or --prefix; see --help'],
      [
        ['terminate', 'dev', '--prefix', 'x'],
        2,
        'terminate: allowed: either an environment or --prefix; see --help',
      ],
      [['wait', '--prefix', 'He300'], 2, /^wait: --prefix: 'He300'; allowed: <namespace>-<environment>/],
      [['wait', 'dev', '--deadline', 'soon'], 2, "wait: --deadline: 'soon'; allowed: 0 to 1440"],
      [['wait', 'dev', '--deadline', ''], 2, "wait: --deadline: ''; allowed: 0 to 1440"],
      [['wait', 'dev'], 1, "wait: no host carries he300-dev's tag"],
      [['list', 'nowhere'], 1, /^list: .*nowhere/],
    ] as const)('%j', async (argv, code, line) => {
      expect(await lambda(...argv)).toEqual({ code, stdout: '', stderr: expect.stringMatching(/^lambda /) });
      const { stderr } = await lambda(...argv);
      const said = stderr.trimEnd().replace('lambda ', '');
      if (typeof line === 'string') expect(said).toBe(line);
      else expect(said).toMatch(line);
    });

    test.each([
      [['--tag', 'team'], "--tag: 'team'; allowed: KEY=VALUE"],
      [['--tag', 'Team=x'], /^tag 'Team'; allowed on Lambda Cloud/],
      [['--price-cap-usd', '0'], "--price-cap-usd: '0'; allowed: 0.01 to 10000"],
      [
        ['--price-cap-usd', '1'],
        /^a run on gpu_1x_a10 may cost \$1\.56 at \$0\.75\/h; allowed: at most \$1\.00$/,
      ],
      [['--wait-for-capacity', '-5'], /^option '--wait-for-capacity' argument is ambiguous/],
      [['--wait-for-capacity', '2000'], "--wait-for-capacity: '2000'; allowed: 0 to 1440"],
      [['--ssh-key', 'none'], /404 global\/object-does-not-exist: SSH key does not exist\.$/],
    ] as const)('a launch with %j', async (more, line) => {
      const said = (await launch(...more)).stderr.trimEnd().replace('lambda launch: ', '');
      if (typeof line === 'string') expect(said).toBe(line);
      else expect(said).toMatch(line);
      expect(double.instances).toEqual([]);
    });

    test('a launch without capacity, with an exit code of its own', async () => {
      for (const region of double.account.capacity.keys()) double.account.capacity.set(region, 0);
      expect(await launch()).toEqual({
        code: 75,
        stdout: '',
        stderr:
          'lambda launch: no capacity for gpu_1x_a10 in us-west-1 (instance-operations/launch/insufficient-capacity)\n',
      });
    });

    test.each([
      ['that is not there', undefined, '/user-data cannot be read (ENOENT)'],
      [
        'that is packed',
        Buffer.from([0x1f, 0x8b, 8, 0]),
        '/user-data is not UTF-8 text; allowed: plain text, not packed',
      ],
      ['that is too large', '#'.repeat(1_000_001), '/user-data has 1000001 bytes; allowed: at most 1000000'],
    ])('user data %s, before anything is asked', async (_title, content, line) => {
      rmSync(userData);
      if (content !== undefined) writeFileSync(userData, content);
      expect((await launch()).stderr).toBe(`lambda launch: --user-data: ${line}\n`);
      expect(double.requests).toEqual([]);
    });

    test.each([
      [{ LAMBDA_CLOUD_API_KEY: '' }, 'LAMBDA_CLOUD_API_KEY is not set; allowed: an API key of Lambda Cloud'],
      [
        { LAMBDA_CLOUD_API_KEY: 'wrong' },
        'lambda cloud: GET /api/v1/instance-types: 401 global/invalid-api-key: API key was invalid, expired, or deleted.',
      ],
      [
        { LAMBDA_CLOUD_LAUNCHES_PER_MINUTE: 'many' },
        "LAMBDA_CLOUD_LAUNCHES_PER_MINUTE: 'many'; allowed: a number above 0",
      ],
    ])('%j', async (variables, line) => {
      Object.assign(process.env, variables);
      expect(await lambda('types')).toEqual({ code: 1, stdout: '', stderr: `lambda types: ${line}\n` });
    });
  });

  test('tags of the launch are kept, and cannot hide whose the host is', async () => {
    expect(
      (await launch('--tag', 'he300:candidate=a=b', '--tag', `${TAG.environment}=he300-prod`)).code,
    ).toBe(0);
    const tags = Object.fromEntries(double.account.launches[0]!.tags!.map(({ key, value }) => [key, value]));
    expect(tags).toMatchObject({ 'he300:candidate': 'a=b', 'he300:environment': 'he300-dev' });
  });

  test('a host is waited for and listed, beside others where they are asked for', async () => {
    await launch();
    double.instances.push(instance('prod', { [TAG.environment]: 'he300-prod' }), instance('theirs', {}));
    const { id } = double.instances[0]!;
    expect(await json('wait', 'dev')).toMatchObject({ id, status: 'active', ip: '198.51.100.2' });
    expect((await lambda('wait', 'dev')).stdout).toBe(`${id} is active in us-west-1 at 198.51.100.2\n`);
    expect(await json('list', 'dev')).toMatchObject({ instances: [{ id }] });
    expect(await json('list')).toMatchObject({ instances: [{ id }, { id: 'prod' }] });
    expect(await json('list', '--all')).toMatchObject({
      instances: [{ id }, { id: 'prod' }, { id: 'theirs' }],
    });
    expect((await lambda('list', '--prefix', 'he300-test')).stdout).toBe('no instances\n');
  });

  test('types are listed with their prices', async () => {
    expect((await lambda('types')).stdout).toMatch(
      /\ngpu_1x_a10 +\$0\.75\/h +us-west-1, us-east-1, us-south-2 /,
    );
    expect(await json('types')).toMatchObject({ types: [{ name: 'gpu_1x_a10', usdPerHour: 0.75 }] });
  });

  test('the firewall is made in each region, and what the account opens besides is told', async () => {
    double.account.globalRules.push({
      ...{ protocol: 'tcp', port_range: [22, 22], source_network: '0.0.0.0/0', description: 'SSH' },
    });
    expect(await lambda('firewall', 'dev', '--region', 'us-west-1', '--region', 'us-east-1')).toEqual({
      code: 0,
      stdout: [
        'created he300-dev-gpu-host in us-west-1',
        'created he300-dev-gpu-host in us-east-1',
        '  nothing may come in',
        '',
      ].join('\n'),
      stderr: 'open on every host of the account: tcp 22 from 0.0.0.0/0 (SSH)\n',
    });
  });
});
