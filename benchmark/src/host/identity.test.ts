import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleHostConfig } from '../contract/examples';
import { runId } from '../contract/primitives';
import { Imds, ImdsError } from './aws/imds';
import { identify, runIdsOf } from './identity';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'he300-identity-'))));
afterEach(() => rmSync(dir, { recursive: true }));

/** A metadata service that knows these paths below `/latest/`. */
function imds(facts: Readonly<Record<string, string>> | undefined): Imds {
  const service = new Imds();
  service.text = (path) =>
    facts === undefined ? Promise.reject(new ImdsError('gone')) : Promise.resolve(facts[path]);
  return service;
}

function instanceData(value: unknown): string {
  const path = join(dir, 'instance-data.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

const EC2 = {
  'meta-data/instance-id': 'i-0123456789abcdef0',
  'meta-data/instance-type': 'g5.xlarge',
  'meta-data/instance-life-cycle': 'spot',
  'meta-data/placement/region': 'us-west-2',
  'dynamic/instance-identity/document': JSON.stringify({
    instanceId: 'i-0123456789abcdef0',
    pendingTime: '2026-06-17T12:00:00Z',
  }),
};

test('on EC2 both sources agree, and the metadata service tells the rest', async () => {
  const path = instanceData({ v1: { instance_id: 'i-0123456789abcdef0', region: 'us-west-2' } });
  expect(await identify({ cloud: 'aws', imds: imds(EC2), instanceDataPath: path })).toEqual({
    instanceId: 'i-0123456789abcdef0',
    instanceType: 'g5.xlarge',
    region: 'us-west-2',
    market: 'spot',
    launchedAt: new Date('2026-06-17T12:00:00Z'),
    publicAddress: null,
  });
});

test('a disagreement is refused: it is an image of another machine', async () => {
  const path = instanceData({ v1: { instance_id: 'i-00000000000000000' } });
  await expect(identify({ cloud: 'aws', imds: imds(EC2), instanceDataPath: path })).rejects.toThrow(
    'identity: cloud-init says i-00000000000000000, the metadata service i-0123456789abcdef0',
  );
});

test('elsewhere cloud-init alone tells, as on Lambda Cloud', async () => {
  const path = instanceData({ v1: { instance_id: 'lambda-1', region: null }, ds: { meta_data: {} } });
  expect(await identify({ cloud: 'lambda-cloud', imds: imds(EC2), instanceDataPath: path })).toMatchObject({
    instanceId: 'lambda-1',
    region: null,
    market: null,
  });
});

test('a host on AWS whose metadata service is out of reach is known by cloud-init', async () => {
  const path = instanceData({
    v1: { instance_id: 'i-1', region: 'us-east-1' },
    ds: { meta_data: { 'instance-type': 'g5.2xlarge' } },
  });
  expect(await identify({ cloud: 'aws', imds: imds(undefined), instanceDataPath: path })).toMatchObject({
    instanceId: 'i-1',
    instanceType: 'g5.2xlarge',
    region: 'us-east-1',
  });
});

test('a machine that nobody names has no identity', async () => {
  const path = join(dir, 'nothing.json');
  await expect(identify({ cloud: 'aws', imds: imds(undefined), instanceDataPath: path })).rejects.toThrow(
    `identity: neither ${path} nor the metadata service tells an instance id`,
  );
});

test.each(['{', '{"v2":{}}', '[]'])('a file that is not cloud-init’s is said: %s', async (content) => {
  const path = instanceData(content);
  await expect(identify({ cloud: 'aws', imds: imds(undefined), instanceDataPath: path })).rejects.toThrow(
    `identity: ${path} is not as cloud-init writes it`,
  );
});

describe('the ids of the runs', () => {
  const config = (models: number, resumeRunId: string | null = null) => ({
    ...exampleHostConfig,
    run: { ...exampleHostConfig.run, models: Array(models).fill(exampleHostConfig.run.models[0]!) },
    resumeRunId,
  });

  test.each([
    [config(1), ['dev-i-1']],
    [config(3), ['dev-i-1', 'dev-i-1_2', 'dev-i-1_3']],
    [config(2, 'dev-i-0'), ['dev-i-0', 'dev-i-0_2']],
    [config(2, 'dev-i-0_2'), ['dev-i-0', 'dev-i-0_2']],
    // Not one of two: somebody named it so.
    [config(2, 'local-a_7'), ['local-a_7', 'local-a_7_2']],
  ])('%#: are the host’s or those of the run it continues', (given, ids) => {
    expect(runIdsOf(given, 'i-1')).toEqual(ids);
    for (const id of ids) expect(runId.safeParse(id).success).toBe(true);
  });
});
