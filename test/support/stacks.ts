/** Our real stacks for a given environment, the way `main.ts` makes them, as plain values. */
import { enforcePolicy } from '../../constructs/policy';
import { loadEnvironment } from '../../environments';
import type { Environment } from '../../environments/schema';
import { vaultServerOf } from '../../environments/vault';
import { BenchHostStack, type BenchHostStackProps } from '../../stacks/bench-host-stack';
import { DashboardStack } from '../../stacks/dashboard-stack';
import { PlatformStack } from '../../stacks/platform-stack';
import { VaultServerStack } from '../../stacks/vault-server-stack';
import { VaultStack } from '../../stacks/vault-stack';
import { synthesize, type SynthesizedJson } from './synth';

export type Attributes = Readonly<Record<string, unknown>>;

// Any file does for an asset: what is in the bundle and in the zip is tested where they are built.
const bundle = { path: __filename, sha256: 'b0'.repeat(32) };
const archive = () => bundle;
const reaperZip = { path: __filename, sha256Base64: 'emlw' };

/** The dashboard's stack of an environment that has one, under every policy rule. @throws what synthesis throws */
export function dashboardStackOf(environment: Environment): Synthesized {
  const { dashboard } = environment;
  if (dashboard.tier === 'none') throw new Error(`${environment.name} has no dashboard`);
  const byName = synthesize((app) =>
    enforcePolicy(new DashboardStack(app, { environment, dashboard, archive })),
  );
  return new Synthesized(byName[`${environment.name}-dashboard`]!);
}

/** Vault's stack of an environment whose secrets are there, under every policy rule. @throws what synthesis throws */
export function vaultStackOf(environment: Environment): Synthesized {
  const { secrets } = environment;
  if (secrets.kind !== 'vault') throw new Error(`${environment.name} has its secrets in ${secrets.kind}`);
  const byName = synthesize((app) => enforcePolicy(new VaultStack(app, { environment, secrets })));
  return new Synthesized(byName[`${environment.name}-vault`]!);
}

/** The stack of an environment's own Vault, under every policy rule. @throws what synthesis throws */
export function vaultServerStackOf(environment: Environment): Synthesized {
  const { secrets } = environment;
  const server = vaultServerOf(environment);
  if (secrets.kind !== 'vault' || !server) throw new Error(`${environment.name} has no Vault of its own`);
  const byName = synthesize((app) =>
    enforcePolicy(new VaultServerStack(app, { environment, secrets, server, program: archive })),
  );
  return new Synthesized(byName[`${environment.name}-vault-server`]!);
}

/** One stack's Terraform JSON, with the questions that tests ask of it. */
export class Synthesized {
  constructor(readonly json: SynthesizedJson) {}

  /** Every resource of a type, in the order in which the stack declares them. */
  all(type: string): readonly Attributes[] {
    return Object.values(this.json.resource?.[type] ?? {});
  }

  /** The resource of a type. @throws Error unless there is exactly one */
  one(type: string): Attributes {
    const found = this.all(type);
    if (found.length !== 1) throw new Error(`${found.length} resources of type ${type}; wanted: one`);
    return found[0]!;
  }

  /** Address of every resource: type and logical id. */
  addresses(): readonly string[] {
    return Object.entries(this.json.resource ?? {}).flatMap(([type, byId]) =>
      Object.keys(byId).map((id) => `${type}.${id}`),
    );
  }
}

export interface Stacks {
  readonly environment: Environment;
  readonly host: Synthesized;
  readonly platform: Synthesized;
}

type Options = Partial<Pick<BenchHostStackProps, 'candidate' | 'resumeRunId'>>;

/** Both stacks of an environment, under every policy rule. @throws what synthesis throws */
export function stacksOf(environment: Environment, options: Options = {}): Stacks {
  const byName = synthesize((app) => {
    enforcePolicy(new PlatformStack(app, { environment, reaperZip }));
    enforcePolicy(new BenchHostStack(app, { environment, bundle, ...options }));
  });
  const stack = (name: string) => new Synthesized(byName[name]!);
  return { environment, host: stack(environment.name), platform: stack(`${environment.name}-platform`) };
}

/** `dev`, with some of its parts replaced. */
export const devWith = (changes: Partial<Environment>): Environment => ({
  ...loadEnvironment('dev'),
  ...changes,
});

/** Every field that becomes part of a name or a policy as long as the schema lets it be, in every region there is. */
export function largestEnvironment(): Environment {
  const dev = loadEnvironment('dev');
  const parameter = `/${'p'.repeat(99)}`;
  return {
    ...dev,
    name: 'e'.repeat(12),
    namespace: 'n'.repeat(16),
    homeRegion: 'us-west-2',
    gpu: {
      ...dev.gpu,
      candidates: (['us-east-1', 'us-east-2', 'us-west-2'] as const).map((region) => ({
        ...dev.gpu.candidates[0]!,
        region,
      })),
      image: { kind: 'ssm', parameter, source: '/aws/service/x' },
    },
    topology: {
      kind: 'remote',
      runner: {
        kind: 'host',
        instanceType: 'c7i.large',
        image: { kind: 'ssm', parameter: `/${'r'.repeat(99)}`, source: '/aws/service/x' },
        diskGb: 30,
      },
    },
    network: { ...dev.network, mode: { kind: 'wireguard', peers: [] } },
    github: {
      ...dev.github!,
      owner: 'o'.repeat(39),
      ownerId: Number.MAX_SAFE_INTEGER,
      repository: 'r'.repeat(100),
      repositoryId: Number.MAX_SAFE_INTEGER,
      applyEnvironment: 'a'.repeat(255),
    },
    lambdaCloud: { apiKeyParameter: parameter },
    owner: 'o'.repeat(63),
  };
}
