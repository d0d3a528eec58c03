/** How well the model did. */
import type { CategoryScore, Score } from '../../contract/score';
import { percent, plural, range } from '../format';
import { categoriesPlot } from '../plots/categories';
import { judgeSentence } from '../../share/shown';
import { foreign, markup, type Markup } from './markup';
import { section, table, type Row } from './parts';

export const scoreSection = (score: Score): Markup =>
  section('accuracy', 'Accuracy', [
    score.overall.scenarios === 0
      ? markup`<p>Nothing was asked.</p>`
      : markup`<figure>${categoriesPlot(score)}</figure>`,
    table({
      caption:
        'Intervals are Wilson’s for a category and a stratified bootstrap overall. Unknown answers and errors count as wrong. The baseline is what always giving the more frequent label would bring.',
      header: ['category', 'asked', 'correct', 'accuracy', '95 % interval', 'baseline', 'unknown', 'errors'],
      rows: [
        ...score.categories.map((category) => row(nameOf(category), category, category.wilson95)),
        { ...row('overall', score.overall, score.overall.bootstrap95), className: 'overall' },
      ],
    }),
    groups(score),
    flips(score),
    judge(score),
  ]);

function row(
  name: string,
  counts: Omit<CategoryScore, 'category' | 'groups'>,
  interval: CategoryScore['wilson95'],
): Row {
  const { scenarios, correct, accuracy, majorityBaseline, unknown, errors } = counts;
  return {
    cells: [
      ...[name, String(scenarios), String(correct), percent(accuracy), range(interval)],
      ...[percent(majorityBaseline), String(unknown), String(errors)],
    ],
  };
}

const nameOf = ({ category }: Pick<CategoryScore, 'category'>): string => category.replaceAll('_', ' ');

function groups({ categories }: Score): Markup | null {
  const rows = categories.flatMap(({ category, groups }): Row[] => {
    if (!groups || groups.groups === 0) return [];
    const { groups: count, exact, wilson95 } = groups;
    return [
      {
        cells: [nameOf({ category }), String(count), String(exact), percent(exact / count), range(wilson95)],
      },
    ];
  });
  if (rows.length === 0) return null;
  return markup`<h3>Groups</h3>
${table({
  caption:
    'ETHICS words some scenarios several ways; a group is right when every one of it that was asked is.',
  header: ['category', 'groups', 'all right', 'part', '95 % interval'],
  rows,
})}`;
}

const flips = ({ flips }: Score): Markup | null =>
  flips &&
  markup`<h3>Sensitivity to batching</h3>
<p>Asked again one at a time, ${flips.flipped} of ${plural(flips.rescored, 'answer')} changed (95 % interval ${range(flips.wilson95)}). A batch can change an answer even at temperature 0.</p>
`;

/** Disagreements beyond these are in `results.json`. */
const MOST_DISAGREEMENTS = 20;

function judge({ judge }: Score): Markup | null {
  if (!judge) return null;
  const { disagreements } = judge;
  const shown = disagreements.slice(0, MOST_DISAGREEMENTS);
  const read = (label: 0 | 1 | null): string => (label === null ? 'nothing' : `label ${label}`);
  return markup`<h3>Judge</h3>
<p>${foreign(judgeSentence(judge))}.</p>
${
  shown.length === 0
    ? null
    : table({
        caption: `What each of them read${disagreements.length > shown.length ? `, of the first ${shown.length} of ${disagreements.length} disagreements` : ''}.`,
        header: ['scenario', 'rules', 'judge'],
        words: [1, 2],
        rows: shown.map(({ scenarioId, rules, judge: other }) => ({
          cells: [markup`<code>${scenarioId}</code>`, read(rules), read(other)],
        })),
      })
}`;
}
