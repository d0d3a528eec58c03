/** What was asked, of what, on what: whatever somebody needs to ask it again. */
import type { Results } from '../../contract/results';
import { comparability, proof, type Shown } from '../../share/shown';
import { foreign, markup, type Markup } from './markup';
import { section } from './parts';

type Fact = readonly [name: string, value: string];

export const factsSection = (shown: Shown): Markup =>
  section('facts', 'What was asked, of what, on what', [
    markup`<dl class="facts">
${facts(shown).map(([name, value]) => markup`<dt>${name}</dt><dd><bdi>${foreign(value)}</bdi></dd>\n`)}</dl>
`,
  ]);

function facts(shown: Shown): Fact[] {
  const { results } = shown;
  const { runId, startedAt, endedAt, partial, runner, bindingSha256 } = results;
  const bundle = runner.bundleSha256 === null ? 'from sources' : `SHA-256 ${runner.bundleSha256}`;
  return [
    ['Run', runId],
    ['From, to', `${startedAt}, ${endedAt}`],
    ...(partial ? [['Partial', partial.reason] as const] : []),
    ['Comparable', comparability(results)],
    ...askedFacts(results),
    ...modelFacts(results),
    ...hostFacts(results),
    ['Runner', `he300 ${runner.version}, Node ${runner.node}, ${bundle}`],
    ['Started by', startedBy(results)],
    ['Signature', proof(shown)],
    ['Binding', `SHA-256 ${bindingSha256}`],
  ];
}

function askedFacts({ suite, prompts, generation }: Results): Fact[] {
  const { temperature, maxTokens, seed } = generation;
  return [
    ['Specification', `HE-300 ${suite.spec}, seed ${suite.seed}, ${suite.scenarios} scenarios`],
    ['Sample', `SHA-256 ${suite.sampleSha256}`],
    ['Dataset', `SHA-256 ${suite.datasetSha256}`],
    ['Prompts', `${prompts.name} v${prompts.version}, SHA-256 ${prompts.sha256}`],
    [
      'Generation',
      `temperature ${temperature}, at most ${maxTokens} tokens, ${seed === null ? 'no seed' : `seed ${seed}`}`,
    ],
  ];
}

function modelFacts({ model, engine }: Results): Fact[] {
  const details = [
    ...(model.parametersBillions === null ? [] : [`${model.parametersBillions} B parameters`]),
    ...(model.quantization === null ? [] : [model.quantization]),
    ...(model.contextTokens === null ? [] : [`context of ${model.contextTokens} tokens`]),
  ];
  const slots = engine.slots === null ? 'slots unknown' : `${engine.slots} slots`;
  return [
    ['Model', [model.name, ...details].join(', ')],
    ['Weights', model.digest ?? 'the server does not name them'],
    ['Server', `${engine.server ?? engine.name}, ${slots}`],
  ];
}

function hostFacts({ host }: Results): Fact[] {
  const { kind, id, instanceType, region, market, cpus, memoryGib, gpu } = host;
  const where = [kind, id, instanceType, region, market].filter(Boolean).join(', ');
  const driver = gpu?.driver ? `, driver ${gpu.driver}` : '';
  return [
    ['Host', `${where}; ${cpus} CPUs, ${memoryGib} GiB`],
    ['GPU', gpu ? `${gpu.count} × ${gpu.name}, ${gpu.memoryGib} GiB${driver}` : 'none'],
  ];
}

function startedBy({ trigger }: Results): string {
  const { kind, actor, repository, branch, commit, pullRequest } = trigger;
  const request = pullRequest === undefined ? undefined : `pull request ${pullRequest}`;
  return [kind, actor, repository, branch, commit, request].filter(Boolean).join(', ');
}
