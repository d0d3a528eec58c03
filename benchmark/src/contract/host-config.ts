/**
 * `/etc/he300/host.json`: what a host is told at its first boot. The infrastructure writes it into user data, the supervisor
 * reads it. Nothing in it is secret, but for the wrapped secret id of a host on Lambda Cloud.
 */
import * as z from 'zod';
import { runId, sha256, text } from './primitives';
import { price, trigger } from './provenance';
import { suite } from './suite';

export const HOST_CONFIG_SCHEMA = 'he300.host/v1';

/** Places on a host that user data, units and supervisor agree on. */
export const HOST_PATHS = {
  config: '/etc/he300/host.json',
  /** Optional `NAME=value` lines that every unit reads; how a test image names the emulator. */
  environment: '/etc/he300/environment',
  bundle: '/opt/he300/he300.mjs',
  /** Everything the supervisor keeps: runs, outbox, logs. */
  state: '/var/lib/he300',
  /**
   * `HE300_MODEL_API_KEY=…`, mode 0600, written by the supervisor in direct mode: the gateway starts when it is there.
   * Below `/run`, so that no key is left on a disk.
   */
  gatewayEnvironment: '/run/he300/gateway.env',
  /** The auth key of the tailnet, mode 0600, written by the supervisor in tailscale mode: the host joins when it is there. */
  tailscaleAuthKey: '/run/he300/tailscale-auth-key',
} as const;

/** Name of the tunnel's interface on a host; the firewall knows it. */
export const TUNNEL_INTERFACE = 'he300';

/** Where the model server of a host listens, on loopback and in the tunnel. */
export const MODEL_SERVER_PORTS = { ollama: 11434, vllm: 8000 } as const;

/** Where a host tells how it is, on loopback and in the tunnel: `/healthz` and `/metrics`. */
export const HEALTH_PORT = 9300;

/** Table of nftables, family `inet`, that closes the host but for what the environment opens. */
export const FIREWALL_TABLE = 'he300';

const key = z.string().regex(/^[a-z0-9][\w./-]{0,255}$/, { error: 'an object key' });
const httpUrl = z.url({ protocol: /^https?$/ });
const ipv4 = z.ipv4();

const objectByHash = z.strictObject({ key: key.describe('In the artifact bucket.'), sha256 });

const secretsSource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ssm'),
    parameterPath: z
      .string()
      .regex(/^(\/[\w.-]+)+$/, { error: 'a parameter path' })
      .describe('SecureString parameters under it, named as `HOST_SECRETS` lists them.'),
  }),
  z.strictObject({
    kind: z.literal('vault'),
    address: httpUrl,
    namespace: text(64).nullable().describe('Of Vault Enterprise or HCP.'),
    mount: text(64).describe('Mount of the KV v2 engine; `vaultPlaceOf` says what stands where below it.'),
    login: z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('aws-iam'),
        role: text(64),
        serverId: text(255).describe('Value of `X-Vault-AWS-IAM-Server-ID`.'),
      }),
      z.strictObject({
        kind: z.literal('approle'),
        roleId: text(64),
        wrappedSecretId: text(128).describe(
          'Response-wrapping token: good for one use, for as long as a boot takes.',
        ),
      }),
    ]),
  }),
]);

/** Secrets that a host may need. In SSM each is `<parameterPath>/<name>`; in Vault `vaultPlaceOf` says where. */
export const HOST_SECRETS = {
  /** Key of the environment's webhook, `whsec_` and base64, as Standard Webhooks writes it. */
  webhookKey: 'webhook-key',
  /** Token with which artifacts go to the dashboard. */
  dashboardToken: 'dashboard-token',
  /** Key that the model server demands, in direct mode or of a vendor. */
  modelApiKey: 'model-api-key',
  /** Auth key of the tailnet, in tailscale mode. */
  tailscaleAuthKey: 'tailscale-auth-key',
} as const;

/**
 * Name of the parameter or secret with the public keys of a peer that lives longer than a host: one, or while it changes
 * its key two, the next one second. A host asks for it again and again; without it the key in `host.json` holds.
 */
export const tunnelPeerKeys = (peer: string): string => `tunnel-peer-${peer}`;

const tunnelPeer = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'lower-case letters, digits and hyphens' }),
  address: ipv4.describe('In the tunnel.'),
  publicKey: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, { error: '32 bytes, base64' })
    .nullable()
    .describe(
      'Null when that end makes its key at its own boot: it publishes it, and its endpoint, at `runs/tunnel/<address>.json`.',
    ),
  endpoint: z
    .string()
    .regex(/^[A-Za-z0-9.-]+:\d{1,5}$/, { error: 'host:port' })
    .nullable()
    .describe('Where it listens; null when it dials in.'),
});

const network = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('outbound') }),
  z.strictObject({
    kind: z.literal('wireguard'),
    address: ipv4.describe('Of this host, in the tunnel.'),
    prefixLength: z.int().min(8).max(30),
    listenPort: z.int().min(1).max(65_535),
    keepaliveSeconds: z.int().min(1).max(3600),
    peers: z.array(tunnelPeer).min(1),
  }),
  z.strictObject({
    kind: z.literal('direct'),
    domain: text(253),
    allow: z.array(z.cidrv4()).describe('Who may reach 443.'),
  }),
  z.strictObject({ kind: z.literal('tailscale'), tag: text(64).describe('ACL tag of the host.') }),
]);

const modelServer = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('ollama'),
      slots: z.int().positive().describe('`OLLAMA_NUM_PARALLEL`.'),
      contextTokens: z.int().positive().describe('Of one slot.'),
    })
    .describe('Ollama on this host, as a unit.'),
  z
    .strictObject({ kind: z.literal('vllm'), slots: z.int().positive(), contextTokens: z.int().positive() })
    .describe('vLLM on this host, as a unit.'),
  z
    .strictObject({ kind: z.literal('external'), engine: z.enum(['openai', 'ollama']), url: httpUrl })
    .describe('A server that runs elsewhere, such as a GPU host at the other end of the tunnel.'),
  z.strictObject({ kind: z.literal('embedded') }).describe('llama.cpp in the runner itself.'),
]);

export const hostConfig = z.strictObject({
  schema: z.literal(HOST_CONFIG_SCHEMA),
  environment: z.string().regex(/^[a-z][a-z0-9]{1,11}$/, { error: '2 to 12 lower-case letters and digits' }),
  cloud: z.enum(['aws', 'lambda-cloud']),
  topology: z
    .enum(['onboard', 'remote-server', 'remote-runner'])
    .describe(
      '`onboard`: runner and model server on this host; `remote-server`: only the model server, driven through the tunnel; `remote-runner`: the end that drives it.',
    ),
  homeRegion: text(32).describe('Of bucket and parameters.'),
  timeLimitMinutes: z.int().positive().describe('From launch: the cloud ends the host then.'),
  graceMinutes: z
    .int()
    .positive()
    .describe('So long before the limit the run is stopped, so that what there is goes up.'),
  run: z.strictObject({
    models: z
      .array(
        z.strictObject({
          name: text(200),
          weights: objectByHash.nullable().describe('A GGUF in the bucket; null: its registry has it.'),
        }),
      )
      .min(1)
      .describe(
        'Scored in order. The first run has the id of the host’s run; later ones end in `_2`, `_3`, …',
      ),
    spec: suite.shape.spec,
    seed: suite.shape.seed,
    dataset: objectByHash.nullable().describe('An ETHICS import in the bucket; null for the starter pack.'),
    concurrency: z.int().positive().nullable().describe('Null lets the search find it.'),
  }),
  artifactBucket: text(63),
  bundle: objectByHash,
  secrets: secretsSource,
  dashboardUrl: httpUrl.nullable().describe('Null: results stay in the bucket.'),
  network,
  modelServer,
  gpuProfile: z.string().max(32).nullable(),
  prices: z
    .array(z.strictObject({ instanceType: text(32), usdPerHour: z.number().nonnegative() }))
    .describe('Upper bound of each instance type that the host may be; the host looks up its own.'),
  priceCapUsd: price.shape.capUsd,
  resumeRunId: runId.nullable().describe('The run that this host continues.'),
  trigger: trigger.optional().describe('What asked for the run. Default: a person.'),
});
export type HostConfig = z.infer<typeof hostConfig>;
