/**
 * The one schema every environment is checked by. Each field says what it means, in which unit and what is allowed;
 * `docs/environments.md` is generated from these descriptions (`npm run docs`).
 */
import { z } from 'zod';
import { GPU_INSTANCE_TYPES } from '../constructs/gpu-host/prices';
import { dashboard } from './fields/dashboard';
import { modelServer, topology } from './fields/model-server';
import { networkMode, vpc } from './fields/network';
import { cidrV4, image, parameter, region, sha256, zone } from './fields/primitives';
import { secrets } from './fields/secrets';

const candidate = z
  .strictObject({
    cloud: z.literal('aws').describe('Cloud that is asked for the host.'),
    region: region.describe('Region of the host.'),
    zone: zone.describe('Availability zone letter within the region.'),
    instanceType: z.enum(GPU_INSTANCE_TYPES).describe('Instance type; one NVIDIA A10G or more.'),
    market: z.enum(['spot', 'on-demand']).describe('How the capacity is bought.'),
  })
  .describe(
    'One place a host may be launched in. The order of the list is the order in which `ops/launch` tries.',
  );

const modelName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,199}$/, {
  error: 'a model name such as llama3.2:3b-instruct-q4_K_M',
});

const github = z.strictObject({
  owner: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})$/, { error: 'a GitHub owner name' })
    .describe('Owner of the repository.'),
  ownerId: z.int().positive().describe('Numeric id of the owner; survives a rename.'),
  repository: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,100}$/, { error: 'a repository name without the owner' })
    .describe('Repository name without the owner.'),
  repositoryId: z.int().positive().describe('Numeric id of the repository; survives a rename or transfer.'),
  subjectFormat: z
    .enum(['names', 'names-and-ids'])
    .describe(
      'Form of the OIDC subject: `repo:OWNER/REPO:…`, or `repo:OWNER@ID/REPO@ID:…` as GitHub issues for new, renamed or moved repositories.',
    ),
  applyEnvironment: z
    .string()
    .regex(/^[\w ./-]{1,255}$/, { error: '1 to 255 letters, digits, spaces and ._/-' })
    .describe('GitHub environment that the apply role is bound to.'),
  branch: z
    .string()
    .regex(/^[A-Za-z0-9][\w./-]{0,99}$/, { error: 'the name of a branch' })
    .optional()
    .describe('Branch whose workflows may read secrets from Vault; absent: main.'),
  oidcProvider: z
    .enum(['create', 'existing'])
    .describe(
      "Whether this environment's platform creates the account's only GitHub OIDC provider or finds it: one environment of an account creates, the others look it up.",
    ),
});

/** The fields of an environment, in the order in which the documentation lists them. */
export const environmentFields = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]{1,11}$/, { error: '2 to 12 lower-case letters and digits, a letter first' })
    .describe('Name of the environment; part of every resource name.'),
  namespace: z
    .string()
    .regex(/^(?!aws|ssm|(amzn|sg|sthree|xn)(-|$))[a-z][a-z0-9-]{0,14}[a-z0-9]$/, {
      error:
        '2 to 16 lower-case letters, digits and hyphens, a letter first, no hyphen last, and none of the beginnings that AWS keeps for itself: aws, ssm, amzn-, sg-, sthree-, xn-',
    })
    .describe('Prefix of every resource name.'),
  accountId: z
    .string()
    .regex(/^\d{12}$/, { error: '12 digits' })
    .describe(
      'AWS account. Any other account is refused before anything is created. 123456789012 is the account of the emulator.',
    ),
  homeRegion: region.describe(
    'Region of the state bucket, the artifact bucket, the key, the logs and the reaper.',
  ),
  state: z
    .enum(['local', 's3'])
    .describe(
      'Where Terraform state is kept: a file under `.he300/state`, or the state bucket with native locking.',
    ),
  gpu: z.strictObject({
    candidates: z
      .array(candidate)
      .min(1, { error: 'at least one candidate' })
      .max(16, { error: 'at most 16 candidates' })
      .describe('Where a host may be launched, in order of preference.'),
    spotPolicy: z
      .enum(['allowed', 'never'])
      .describe('`never` refuses spot candidates: a run that must not be interrupted.'),
    image: image.describe('Machine image of the host.'),
    diskGb: z.int().min(100).max(2000).describe('Size of the encrypted gp3 root disk, in GB.'),
  }),
  run: z.strictObject({
    timeLimitMinutes: z
      .int()
      .min(15)
      .max(1440)
      .describe(
        'Hard limit of one run, in minutes from launch: the cloud terminates the host then, whatever it is doing.',
      ),
    priceCapUsd: z
      .number()
      .positive()
      .max(10000)
      .describe(
        'Most that one run may cost, in US dollars; a candidate whose upper bound is above it is never launched.',
      ),
    models: z
      .array(modelName)
      .min(1, { error: 'at least one model' })
      .max(16, { error: 'at most 16 models' })
      .describe('Models that a run scores, in order.'),
    weights: z
      .record(modelName, sha256)
      .optional()
      .describe(
        'SHA-256 of the GGUF in the artifact bucket, for each model that is not pulled from its registry; `npm run publish` puts it there.',
      ),
    spec: z
      .enum(['1.0', '1.1', '1.2', 'starter'])
      .describe(
        'HE-300 specification: how many scenarios of each category; `starter` is our own small pack, not comparable.',
      ),
    dataset: sha256
      .optional()
      .describe(
        'SHA-256 of the ETHICS import in the artifact bucket; `npm run publish` puts it there. Absent with the spec `starter` only.',
      ),
    seed: z.int().min(0).max(4294967295).describe('Seed of the sample.'),
    concurrency: z
      .int()
      .min(1)
      .max(1024)
      .optional()
      .describe('Requests in flight; absent: the smallest number that saturates the server is searched for.'),
  }),
  modelServer: modelServer.describe('What answers the questions.'),
  topology: topology.describe('Where the runner stands.'),
  network: z.strictObject({
    mode: networkMode.describe('How the host is reached.'),
    vpc: vpc.describe('Network the host stands in.'),
    adminCidrs: z
      .array(cidrV4)
      .max(10, { error: 'at most 10 CIDRs' })
      .describe('Who may reach 22/tcp; empty: nobody, the port is closed. 0.0.0.0/0 is refused.'),
  }),
  artifacts: z.strictObject({
    rawRetentionDays: z.int().min(1).max(3650).describe('Days after which raw run data (`raw/`) expires.'),
    logRetentionDays: z
      .union(
        [
          1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
          3653,
        ].map((d) => z.literal(d)),
        {
          error:
            'a CloudWatch retention: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653',
        },
      )
      .describe('Days that log groups keep their events.'),
    destroyWithPlatform: z
      .boolean()
      .describe('Whether destroying the platform also deletes the artifact bucket with everything in it.'),
  }),
  dashboard: dashboard.describe('Where results are looked at, and where runs report to.'),
  secrets: secrets.describe('Where the host reads its secrets.'),
  github: github
    .optional()
    .describe('GitHub repository whose workflows may plan and apply; absent: no OIDC roles.'),
  lambdaCloud: z
    .strictObject({
      apiKeyParameter: parameter.describe('SecureString parameter with the API key the reaper uses.'),
    })
    .optional()
    .describe('Lambda Cloud account that the reaper also watches; absent: it watches AWS only.'),
  owner: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._@+-]{0,62}$/, { error: '1 to 63 letters, digits, spaces and ._@+-' })
    .describe('Who answers for the bill; the owner tag of every resource.'),
  tags: z
    .record(
      z.string().regex(/^(?!aws:|he300:)[A-Za-z0-9 ._:/=+@-]{1,128}$/i, {
        error: 'a tag key that begins with neither aws: nor he300:',
      }),
      z.string().regex(/^[A-Za-z0-9 ._:/=+@-]{0,256}$/, {
        error: 'at most 256 letters, digits, spaces and ._:/=+@-',
      }),
    )
    .refine((tags) => Object.keys(tags).length <= 8, {
      error: 'at most 8 tags: S3 takes ten on an object, and two are ours',
    })
    .describe('More tags for every resource.'),
});

export type Environment = z.infer<typeof environmentFields>;
export type Candidate = Environment['gpu']['candidates'][number];
export type Dashboard = Environment['dashboard'];
export type NetworkMode = Environment['network']['mode'];
export type { Image } from './fields/primitives';
export type { VaultSecrets, VaultServer } from './fields/secrets';
export type { TunnelPeer } from './fields/network';
export type { ModelServer, Topology } from './fields/model-server';
export type Region = Candidate['region'];
