import { HOST_PATHS, HOST_SECRETS } from '@he300/benchmark/contract';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { noSecretLiteral } from '../constructs/policy/rules/no-secret-literal';
import type { SynthesizedResource, SynthesizedStack } from '../constructs/policy/rule';
import { devWith } from '../test/support/stacks';
import { HOST_VARIANTS, hostVariants } from '../test/support/host-variants';
import { AWS_LIMIT_BYTES, encodeForAws, encodeForLambdaCloud } from './encode';
import { gpuHostConfig } from './host-config';
import { userData } from './user-data';

interface CloudConfig {
  readonly bootcmd: readonly (readonly string[])[];
  readonly write_files: readonly {
    readonly path: string;
    readonly content: string;
    readonly encoding?: string;
  }[];
}

const parsed = (text: string) => JSON.parse(text.replace(/^#cloud-config\n/, '')) as CloudConfig;
const of = (variant: string) => parsed(userData(HOST_VARIANTS[variant]!));
const paths = (variant: string): readonly string[] => of(variant).write_files.map(({ path }) => path);
const file = (variant: string, path: string): string =>
  of(variant).write_files.find((written) => written.path === path)!.content;
const unit = (variant: string, name: string): string => file(variant, `/etc/systemd/system/${name}`);

const startedBy = (begin: readonly string[]): readonly string[] =>
  begin.slice(begin.indexOf('--no-reload') + 1);

describe.each(hostVariants)('%s', (variant, props) => {
  test('the first thing is the limit, before anything is written; a host that cannot be limited goes off', () => {
    const [first] = of(variant).bootcmd;
    const [shell, option, script, , timer, service] = first!;
    expect([shell, option]).toEqual(['sh', '-c']);
    expect(script).toMatch(
      /enable --now --no-block --no-reload he300-limit\.timer; } \|\| systemctl --no-block poweroff$/,
    );
    expect(timer).toContain('\nOnBootSec=118min\n');
    expect(service).toContain('\nExecStart=systemctl --no-block poweroff\n');
    // Whatever waits for cloud-init to end would be waited for by it.
    for (const text of [timer, service]) expect(text).toContain('\nDefaultDependencies=no\n');
  });

  test('a host is told all of its configuration', () => {
    expect(JSON.parse(file(variant, HOST_PATHS.config))).toEqual(props.host);
  });

  test('what wants to be started is, once its files are written; a host where that fails goes off', () => {
    const [, begin, ...more] = of(variant).bootcmd;
    expect(more).toEqual([]);
    const started = startedBy(begin!);
    expect(begin!.slice(0, 3)).toEqual(['sh', '-c', '"$@" || systemctl --no-block poweroff']);
    expect(begin).toContain('--property=After=cloud-init.service cloud-init-network.service');
    expect(begin).toContain('--property=OnFailure=poweroff.target');
    expect(started).toEqual(expect.arrayContaining(['he300-run.service', 'he300-health.timer']));
    for (const name of started) expect(unit(variant, name)).toContain('[Install]');
  });

  test('a run that fails powers the host off, and so does a run that is over', () => {
    expect(unit(variant, 'he300-run.service')).toContain(
      '\nOnFailure=he300-off.service\nSuccessAction=poweroff\n',
    );
    expect(unit(variant, 'he300-provision.service')).toContain('\nOnFailure=he300-off.service\n');
  });

  test('the same host gives the same bytes, with nothing of the machine or the hour in them', () => {
    const text = userData(props);
    expect(userData(structuredClone(props))).toBe(text);
    if (props.bundle) return expect(encodeForLambdaCloud(text)).toBe(text);
    const bytes = Buffer.from(encodeForAws(text), 'base64');
    expect(gunzipSync(bytes).toString()).toBe(text);
    expect(bytes.readUInt32LE(4)).toBe(0);
    expect(bytes.length).toBeLessThan(AWS_LIMIT_BYTES);
  });

  test('nothing in it is secret', () => expect(secretIn(userData(props))).toBeUndefined());
});

const secretIn = (text: string): string | undefined =>
  noSecretLiteral.check(
    {
      attributes: { user_data_base64: Buffer.from(text).toString('base64') },
    } as unknown as SynthesizedResource,
    {} as SynthesizedStack,
  );

describe('what is secret', () => {
  const VAULT = `hvs.${'CAESIJ9876543210hgfedcba'}`;

  test('is found wherever an environment could bring it in', () => {
    const { run } = devWith({});
    const secrets = [
      `AKIA${'IOSFODNN7EXAMPLE'}`,
      VAULT,
      `ghp_${'a1'.repeat(18)}`,
      `tskey-auth-${'k'.repeat(20)}`,
    ];
    const environment = (secret: string) =>
      fc.constantFrom(
        devWith({ run: { ...run, models: [secret] }, modelServer: { kind: 'embedded' } }),
        devWith({ dashboard: { tier: 'none', url: `https://dash.example.org/${secret}` } }),
        devWith({
          secrets: {
            kind: 'vault',
            address: `https://vault.example.org/${secret}`,
            mount: 'kv',
            shared: 'create',
          },
        }),
        devWith({
          modelServer: { kind: 'external', engine: 'openai', url: `https://models.example.org/${secret}` },
        }),
      );
    fc.assert(
      fc.property(
        fc.constantFrom(...secrets).chain((secret) => environment(secret)),
        (env) => {
          const bundle = { key: 'bundles/x.mjs', sha256: 'b0'.repeat(32) };
          const text = userData({ host: gpuHostConfig({ environment: env, bundle }), adminCidrs: [] });
          expect(secretIn(text)).toMatch(/^user_data_base64 holds /);
        },
      ),
    );
  });

  test('but for the wrapped secret id, under its own name only', () => {
    const text = userData(HOST_VARIANTS['lambda cloud']!);
    expect(text).toContain('wrappedSecretId');
    expect(secretIn(text)).toBeUndefined();
    expect(secretIn(text.replace('wrappedSecretId', 'secretId'))).toContain('a Vault token (hvs.…)');
    expect(secretIn(`${text} and ${VAULT}`)).toContain('a Vault token (hvs.…)');
  });

  test('no unit and no file speaks of a secret but by the name under which it is kept', () => {
    const text = JSON.stringify(hostVariants.map(([, props]) => userData(props)));
    for (const name of Object.values(HOST_SECRETS)) expect(text).not.toContain(`${name}=`);
  });
});

describe('what each kind of host gets', () => {
  test('the fetcher where there are credentials, the bundle itself where there are none', () => {
    expect(paths('outbound')).toContain('/opt/he300/fetch-bundle.mjs');
    expect(paths('lambda cloud')).not.toContain('/opt/he300/fetch-bundle.mjs');
    const brought = of('lambda cloud').write_files.find(({ path }) => path === HOST_PATHS.bundle)!;
    expect(brought.encoding).toBe('gz+b64');
    expect(gunzipSync(Buffer.from(brought.content, 'base64')).toString()).toBe('console.log("he300")');
    expect(file('lambda cloud', '/opt/he300/provision')).toContain(
      HOST_VARIANTS['lambda cloud']!.host.bundle.sha256,
    );
  });

  test('a run that fetches its bundle may write it, and nobody fetches for one that was brought its own', () => {
    const [fetched, brought] = ['outbound', 'lambda cloud'].map((variant) =>
      unit(variant, 'he300-run.service'),
    );
    expect(fetched).toContain(
      `\nExecStart=/opt/he300/bin/node /opt/he300/fetch-bundle.mjs ${HOST_PATHS.config} ${HOST_PATHS.bundle} host\n`,
    );
    expect(fetched).toContain('\nReadWritePaths=/opt/he300\n');
    expect(brought).toContain(`\nExecStart=/opt/he300/bin/node ${HOST_PATHS.bundle} host\n`);
    expect(brought).not.toContain('ReadWritePaths');
  });

  test('a run does not wait for the firewall, which starts beside it', () => {
    const text = unit('wireguard', 'he300-run.service');
    expect(text).toContain(
      '\nRequires=he300-provision.service he300-firewall.service\nAfter=he300-provision.service\n',
    );
  });

  test('a bundle that is too large for Lambda Cloud is refused', () => {
    const bytes = randomBytes(900_000);
    const text = userData({ ...HOST_VARIANTS['lambda cloud']!, bundle: bytes });
    expect(() => encodeForLambdaCloud(text)).toThrow(
      /^user data: \d+ bytes of text; allowed: at most 1000000$/,
    );
  });

  test('user data that EC2 would refuse is refused here', () => {
    const text = randomBytes(AWS_LIMIT_BYTES).toString('latin1');
    expect(() => encodeForAws(text)).toThrow(/^user data: \d+ bytes after gzip; allowed: at most 16384$/);
  });

  test('a host that nobody reaches has no firewall, for its server listens on loopback alone', () => {
    expect(paths('outbound')).not.toContain('/etc/he300/firewall.nft');
    expect(unit('outbound', 'ollama.service')).toContain('\nEnvironment=OLLAMA_HOST=127.0.0.1:11434\n');
  });

  test.each(['wireguard', 'remote server', 'tailscale'])(
    'a server that listens on every interface waits for the firewall: %s',
    (variant) => {
      const text = unit(variant, 'ollama.service');
      expect(text).toContain('\nEnvironment=OLLAMA_HOST=0.0.0.0:11434\n');
      expect(text).toMatch(/\nRequires=.*\bhe300-firewall\.service\b/);
      expect(text).toMatch(/\nAfter=.*\bhe300-firewall\.service\b/);
    },
  );

  test('Ollama gets the slots, the context and the cache that fit the GPU', () => {
    const { modelServer } = HOST_VARIANTS.wireguard!.host;
    if (modelServer.kind !== 'ollama') throw new Error('not Ollama');
    const text = unit('wireguard', 'ollama.service');
    expect(modelServer.slots).toBeGreaterThan(1);
    expect(text).toContain(`\nEnvironment=OLLAMA_NUM_PARALLEL=${modelServer.slots}\n`);
    expect(text).toContain(`\nEnvironment=OLLAMA_CONTEXT_LENGTH=${modelServer.contextTokens}\n`);
    expect(text).toContain('\nEnvironment=OLLAMA_KV_CACHE_TYPE=q8_0\n');
  });

  test('vLLM runs from an image named by its digest, on the host’s own network', () => {
    const text = unit('vllm', 'vllm.service');
    expect(text).toMatch(
      /\nExecStart=\/usr\/bin\/docker run .*--network host .*@sha256:[0-9a-f]{64} --model "meta-llama\/Llama-3\.2-3B-Instruct" /,
    );
    expect(text).toContain('--max-num-seqs 16 --max-model-len 4096');
  });

  test('the gateway and the tailnet start when their key is there', () => {
    expect(unit('direct', 'he300-gateway.path')).toContain(`\nPathExists=${HOST_PATHS.gatewayEnvironment}\n`);
    expect(unit('direct', 'he300-gateway.service')).toContain(
      `\nEnvironmentFile=${HOST_PATHS.gatewayEnvironment}\n`,
    );
    expect(startedBy(of('direct').bootcmd.at(-1)!)).not.toContain('he300-gateway.service');
    expect(unit('tailscale', 'he300-tailnet.path')).toContain(
      `\nPathExists=${HOST_PATHS.tailscaleAuthKey}\n`,
    );
    expect(unit('tailscale', 'he300-tailnet.service')).toContain(
      `--auth-key=file:${HOST_PATHS.tailscaleAuthKey} --advertise-tags="tag:he300-gpu"`,
    );
  });

  test('a runner without a model server installs none, and no driver', () => {
    expect(paths('remote runner').filter((path) => /ollama|vllm/.test(path))).toEqual([]);
    expect(file('remote runner', '/opt/he300/provision')).not.toMatch(/ollama|nvidia/);
  });
});
