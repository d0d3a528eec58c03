/** What stands at the top of the page: what was measured, whether it may be trusted, and the main figures. */
import { efficiencyOf } from '../efficiency';
import { amount, minute, ms, percent, range, usd } from '../format';
import { verdictWords, type Shown } from '../../share/shown';
import { foreign, markup, type Markup } from './markup';

export function pageHead(shown: Shown): Markup {
  const { suite, model, engine, host, startedAt } = shown.results;
  const machine = host.gpu ? `${host.gpu.count} × ${host.gpu.name}` : `${host.cpus} CPUs, no GPU`;
  return markup`<header>
<p class="eyebrow">HE-300 ${suite.spec} · seed ${suite.seed} · ${minute(startedAt)}</p>
<h1><bdi>${foreign(model.name)}</bdi></h1>
<p class="soft">on <bdi>${foreign(engine.server ?? engine.name)}</bdi>, <bdi>${foreign(machine)}</bdi></p>
<ul class="badges">${badges(shown).map(([kind, text]) => markup`<li class="badge ${kind}">${text}</li>`)}</ul>
</header>
`;
}

type Badge = readonly [kind: 'good' | 'warn' | 'bad' | 'plain', text: string];

const badges = (shown: Shown): Badge[] => [completeness(shown), trust(shown), comparison(shown)];

const completeness = ({ results: { partial } }: Shown): Badge =>
  partial ? ['bad', `partial: ${percent(partial.scored)} of the scenarios were asked`] : ['good', 'complete'];

function trust({ samples, publicKey }: Shown): Badge {
  if (publicKey === null) return ['warn', 'anonymized copy, not signed'];
  return samples
    ? ['good', 'signature holds, samples bound to it']
    : ['warn', 'signature holds, no samples beside it'];
}

const comparison = ({ results: { partial, suite, prompts } }: Shown): Badge =>
  suite.comparable && !partial
    ? ['plain', `comparable under prompts ${prompts.name} v${prompts.version} only`]
    : ['warn', 'comparable with nobody’s figures'];

type Card = readonly [name: string, figure: string, beside: string];

/** What is not known has no card. */
export function headlines({ results }: Shown): Markup {
  const { score, performance, engine, cost } = results;
  const { overall, flips } = score;
  const { saturation, steady } = performance;
  const window = steady ?? performance.total;
  const { perUsd } = efficiencyOf(results).scoring;
  const slots = engine.slots === null ? '' : `; ${engine.slots} slots`;
  const tokens =
    window.outputTokensPerSecond === null ? '' : `; ${amount(window.outputTokensPerSecond)} output tokens/s`;
  const cards: (Card | null)[] = [
    [
      'Accuracy',
      percent(overall.accuracy),
      `95 %: ${range(overall.bootstrap95)}; baseline ${percent(overall.majorityBaseline)}`,
    ],
    [
      'Throughput',
      `${amount(window.requestsPerSecond)} /s`,
      `scenarios, ${steady ? 'steady' : 'whole pass'}${tokens}`,
    ],
    ['In flight', String(saturation.chosenConcurrency), `${verdictWords(saturation.verdict)}${slots}`],
    window.requests > window.errors
      ? [
          'End to end',
          `${ms(window.endToEndMs.p50)} ms`,
          `half of the answers; 95 % within ${ms(window.endToEndMs.p95)} ms`,
        ]
      : null,
    flips && [
      'Changed when asked alone',
      `${flips.flipped} of ${flips.rescored}`,
      `95 %: ${range(flips.wilson95)}`,
    ],
    cost.spentUsd === null
      ? null
      : [
          'Cost',
          usd(cost.spentUsd),
          perUsd === null ? '' : `${amount(perUsd)} scenarios a dollar while scoring`,
        ],
  ];
  return markup`<dl class="cards">${cards.map((card) => card && cardMarkup(card))}</dl>
`;
}

const cardMarkup = ([name, figure, beside]: Card): Markup =>
  markup`<div class="card"><dt>${name}</dt><dd class="figure">${figure}</dd><dd class="beside">${beside}</dd></div>`;
