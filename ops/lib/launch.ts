/** Walks an environment's candidates until one has capacity. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../environments/schema';
import { capacityError } from './capacity';
import { cdktf, terraformError } from './cdktf';
import { CliError } from './cli';
import { candidateCosts, type CandidateCost } from './cost';

export interface LaunchOptions {
  /** Index of the only candidate to try. */
  readonly only: string | undefined;
  readonly resumeRunId: string | undefined;
  readonly progress: (line: string) => void;
}

export interface Launched {
  readonly runId: string;
  readonly instanceId: string;
  readonly candidate: string;
  /** False when a run was in flight already. */
  readonly launched: boolean;
  readonly upperBoundUsd: number;
  /** Candidates that had no capacity, with EC2's code. */
  readonly passedOver: readonly { readonly candidate: string; readonly code: string }[];
}

/** @throws CliError when every candidate is above the cap or lacks capacity, or when a deploy fails otherwise */
export async function launch(
  env: Environment,
  { only, resumeRunId, progress }: LaunchOptions,
): Promise<Launched> {
  const passedOver: { candidate: string; code: string }[] = [];
  for (const cost of affordable(env, only)) {
    progress(`trying ${cost.candidate}, at most $${cost.upperBoundUsd.toFixed(2)}`);
    const deployed = await deploy(env, cost, resumeRunId, progress);
    if ('outputs' in deployed) {
      const { run_id: runId, instance_id: instanceId, candidate } = deployed.outputs;
      return {
        runId,
        instanceId,
        candidate,
        launched: deployed.launched,
        upperBoundUsd: cost.upperBoundUsd,
        passedOver,
      };
    }
    progress(`no capacity on ${cost.candidate} (${deployed.code})`);
    passedOver.push({ candidate: cost.candidate, code: deployed.code });
  }
  throw new CliError(
    `no candidate has capacity: ${passedOver.map(({ candidate, code }) => `${candidate} (${code})`).join(', ')}`,
  );
}

function affordable(env: Environment, only: string | undefined): CandidateCost[] {
  const all = candidateCosts(env);
  const wanted = only === undefined ? all : all.filter(({ index }) => String(index) === only);
  if (wanted.length === 0) throw new CliError(`--candidate: '${only}'; allowed: 0 to ${all.length - 1}`, 2);
  const within = wanted.filter(({ withinCap }) => withinCap);
  if (within.length > 0) return within;
  const cheapest = Math.min(...wanted.map(({ upperBoundUsd }) => upperBoundUsd));
  throw new CliError(
    `a run may cost $${cheapest.toFixed(2)}; allowed: at most $${env.run.priceCapUsd.toFixed(2)}, run.priceCapUsd of environments/${env.name}.ts`,
  );
}

type Outputs = Readonly<Record<'run_id' | 'instance_id' | 'candidate', string>>;
type Deployed = { readonly outputs: Outputs; readonly launched: boolean } | { readonly code: string };

async function deploy(
  env: Environment,
  cost: CandidateCost,
  resumeRunId: string | undefined,
  progress: (line: string) => void,
): Promise<Deployed> {
  const scratch = mkdtempSync(join(tmpdir(), 'he300-launch-'));
  const outputsFile = join(scratch, 'outputs.json');
  try {
    const result = await cdktf(
      [
        'deploy',
        env.name,
        '--auto-approve',
        '--skip-provider-lock',
        '--no-color',
        '--outputs-file',
        outputsFile,
      ],
      {
        // A candidate without capacity should fail in seconds: the next one is the better retry.
        env: {
          HE300_CANDIDATE: String(cost.index),
          AWS_MAX_ATTEMPTS: '3',
          ...(resumeRunId ? { HE300_RESUME: resumeRunId } : {}),
        },
        onLine: progress,
      },
    );
    const output = result.stdout + result.stderr;
    if (result.exitCode === 0) {
      const outputs = (JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<string, Outputs>)[env.name]!;
      return { outputs, launched: /aws_instance\.gpu_host\S*: Creation complete/.test(output) };
    }
    const code = capacityError(output);
    if (code) return { code };
    throw new CliError(terraformError(output));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
