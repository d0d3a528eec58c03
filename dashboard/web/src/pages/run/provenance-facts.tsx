/** The facts of a run in four groups: what was asked, of what, on what, by whom. What is not known is left out or said. */
import type { ReactNode } from 'react';
import type { RunDetail } from '../../../../api/run';
import { Hash } from '../../components/hash';
import { Time } from '../../components/figures';
import { amount, whole } from '../../lib/format';
import { TRIGGER_LABEL } from '../../lib/labels';

type Fact = readonly [name: string, value: ReactNode] | null;

const hash = (name: string, value: string | null | undefined, none: string): Fact => [
  name,
  value ? <Hash key={name} value={value} name={`${name} hash`} /> : none,
];

const text = (value: ReactNode) => <bdi>{value}</bdi>;

const some = (name: string, value: ReactNode): Fact =>
  value === null || value === undefined ? null : [name, text(value)];

export function askedFacts({ suite, prompts, results }: RunDetail): Fact[] {
  if (!suite) return [['Not known yet', 'the run has not started']];
  const generation = results?.generation;
  return [
    ['Suite', `HE-300 ${suite.spec}`],
    ['Seed', suite.seed],
    ['Scenarios', whole(suite.scenarios)],
    [
      'Comparable',
      suite.comparable ? 'with runs of the same specification, seed and prompts' : 'with no other run',
    ],
    hash('Sample', suite.sampleSha256, '–'),
    hash('Dataset', suite.datasetSha256, '–'),
    some('Prompts', prompts && `${prompts.name} ${prompts.version}`),
    hash('Prompts file', prompts?.sha256, '–'),
    some(
      'Generation',
      generation &&
        `temperature ${generation.temperature}, at most ${generation.maxTokens} tokens, ${generation.seed === null ? 'no seed' : `seed ${generation.seed}`}`,
    ),
  ];
}

export function modelFacts({ modelFacts: model, engineFacts: engine }: RunDetail): Fact[] {
  if (!model) return [['Not known yet', 'the run has not started']];
  return [
    ['Model', text(model.name)],
    hash('Weights', model.digest, 'the server does not name them'),
    some('Quantization', model.quantization),
    some(
      'Parameters',
      model.parametersBillions === null ? null : `${amount(model.parametersBillions)} billion`,
    ),
    some('Context', model.contextTokens === null ? null : `${whole(model.contextTokens)} tokens`),
    some('Engine', engine?.name),
    some('Server', engine?.server),
    ['Slots', engine?.slots ?? 'unknown'],
  ];
}

export function machineFacts({ host, runner }: RunDetail): Fact[] {
  if (!host) return [['Not known yet', 'the run has not started']];
  const { gpu } = host;
  return [
    ['Host', text(`${host.kind}, ${host.id}`)],
    some('Type', host.instanceType),
    some('Region', host.region),
    some('Market', host.market),
    ['Machine', `${host.cpus} CPUs, ${amount(host.memoryGib)} GiB`],
    ['GPU', gpu ? text(`${gpu.count} × ${gpu.name}, ${amount(gpu.memoryGib)} GiB`) : 'none'],
    some('Driver', gpu?.driver),
    some('GPU profile', gpu?.profile),
    some('Runner', runner && `he300 ${runner.version}, Node ${runner.node}`),
    runner ? hash('Runner bundle', runner.bundleSha256, 'runs from sources') : null,
  ];
}

export function originFacts(run: RunDetail): Fact[] {
  const { trigger, environment, createdAt, startedAt, endedAt, heardAt } = run;
  const time = (name: string, value: string | null): Fact =>
    value === null ? null : [name, <Time key={name} value={value} />];
  return [
    ['Environment', environment],
    some('Trigger', trigger && TRIGGER_LABEL[trigger.kind]),
    some('Actor', trigger?.actor),
    some('Repository', trigger?.repository),
    some('Branch', trigger?.branch),
    trigger?.commit ? hash('Commit', trigger.commit, '–') : null,
    some('Pull request', trigger?.pullRequest),
    time('First heard', createdAt),
    time('Started', startedAt),
    time('Ended', endedAt),
    time('Last heard', heardAt),
  ];
}
