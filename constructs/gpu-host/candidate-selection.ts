import { DataAwsInstances } from '@cdktf/provider-aws/lib/data-aws-instances';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformCount, TerraformLocal, Token } from 'cdktf';
import { Construct } from 'constructs';
import { candidateFault, candidateKey } from '../../environments/candidate';
import { regionsOf } from '../../environments/regions';
import type { Environment, Region } from '../../environments/schema';
import { namesOf } from '../naming/names';
import { GPU_HOST_ROLE, TAG } from '../naming/tags';

export interface CandidateSelectionProps {
  readonly environment: Environment;
  /**
   * Index of the candidate that this deploy asks for, as `HE300_CANDIDATE` gives it.
   * @default - the first candidate
   */
  readonly requested?: string | undefined;
  readonly providers: ReadonlyMap<Region, AwsProvider>;
}

/** A host in any of these states is a run in flight; one that is shutting down is not. */
const ALIVE = ['pending', 'running', 'stopping', 'stopped'];

/**
 * Decides, when Terraform plans, which candidate the host stands on: the one of the run in flight if there is one,
 * else the requested one. So a deploy without `HE300_CANDIDATE` does not move a run that was launched elsewhere.
 */
export class CandidateSelection extends Construct {
  /** Terraform expression of an attribute of the chosen candidate. */
  readonly chosen = {
    key: '${local.chosen}',
    zone: '${local.candidate.zone}',
    instanceType: '${local.candidate.instance_type}',
    market: '${local.candidate.market}',
  };

  constructor(
    scope: Construct,
    id: string,
    { environment: env, requested, providers }: CandidateSelectionProps,
  ) {
    super(scope, id);
    const prefix = namesOf(env).prefix;
    const { candidates } = env.gpu;

    const runTags = { [TAG.environment]: prefix, [TAG.role]: GPU_HOST_ROLE };
    const aliveIn = (logicalId: string, region: Region, tags: Record<string, string>): string => {
      const data = new DataAwsInstances(this, logicalId, {
        provider: providers.get(region)!,
        instanceTags: tags,
        instanceStateNames: ALIVE,
      });
      data.overrideLogicalId(logicalId);
      return `data.aws_instances.${logicalId}.ids`;
    };
    const aliveOn = candidates.map((c, i) =>
      aliveIn(`alive_on_${i}`, c.region, { ...runTags, [TAG.candidate]: candidateKey(c) }),
    );
    const aliveAnywhere = regionsOf(env).map((r) =>
      aliveIn(`alive_in_${r.replaceAll('-', '_')}`, r, runTags),
    );

    this.local(
      'candidates',
      Object.fromEntries(
        candidates.map((c) => [
          candidateKey(c),
          { region: c.region, zone: c.zone, instance_type: c.instanceType, market: c.market },
        ]),
      ),
    );
    this.local(
      'alive',
      `\${concat(${aliveOn.map((ids, i) => `length(${ids}) > 0 ? ["${candidateKey(candidates[i]!)}"] : []`).join(', ')})}`,
    );
    this.local('hosts_alive', `\${sum([${aliveAnywhere.map((ids) => `length(${ids})`).join(', ')}])}`);
    this.local('requested', candidateKey(candidates[Number(requested) || 0] ?? candidates[0]!));
    this.local('request_fault', candidateFault(env, requested) ?? '');
    this.local('chosen', '${length(local.alive) > 0 ? local.alive[0] : local.requested}');
    this.local('candidate', '${local.candidates[local.chosen]}');
  }

  /** 1 in the region of the chosen candidate, 0 elsewhere. */
  countIn(region: Region): TerraformCount {
    return TerraformCount.of(Token.asNumber(`\${local.candidate.region == "${region}" ? 1 : 0}`));
  }

  /** What must hold before a host is planned; a plan that would harm a run or pay too much stops with these words. */
  static readonly preconditions = [
    {
      condition: '${local.request_fault == "" || length(local.alive) > 0}',
      errorMessage: '${local.request_fault}',
    },
    {
      condition: '${local.hosts_alive == 0 || length(local.alive) > 0}',
      errorMessage:
        'a run is alive on a candidate that gpu.candidates no longer lists; wait until it has ended, or put the candidate back, or destroy the stack',
    },
  ];

  private local(name: string, expression: unknown): void {
    new TerraformLocal(this, name, expression).overrideLogicalId(name);
  }
}
