/** The scenarios that some of the runs got right and others did not, with all answers side by side. */
import { useState } from 'react';
import type { CompareAnswer } from '../../../../api/compare';
import { Button } from '../../components/button';
import { Card } from '../../components/card';
import { CopyButton } from '../../components/copy-button';
import { EmptyState } from '../../components/empty-state';
import { Select } from '../../components/field';
import { LongText } from '../../components/long-text';
import { OutcomeBadge } from '../../components/outcome-badge';
import { plural, whole } from '../../lib/format';
import { labelWord } from '../../lib/label-words';
import { CATEGORY_LABEL } from '../../lib/labels';
import { type Discordant, discordantCounts, inCategory } from './discordant-rows';
import { runNames } from './run-names';

const STEP = 20;
/** As many as the API gives. */
const MOST = 300;

interface Props {
  readonly answer: CompareAnswer;
  readonly category: string | undefined;
  readonly onCategory: (category: string | undefined) => void;
}

export function DiscordantList({ answer, category, onCategory }: Props) {
  const { discordant, runs } = answer;
  const [shown, setShown] = useState(STEP);
  const rows = inCategory(discordant, category);
  const names = runNames(runs);
  return (
    <Card
      title="Where they differ"
      description={
        discordant.length === 0
          ? undefined
          : `${plural(discordant.length, 'scenario')}${discordant.length === MOST ? ', the most that are shown,' : ''} that some of the runs got right and others did not.`
      }
      actions={
        discordant.length > 0 && (
          <Select
            label="Category"
            hideLabel
            className="w-56"
            value={rows === discordant ? '' : (category ?? '')}
            onValueChange={(next) => onCategory(next || undefined)}
            options={[
              { value: '', label: `All categories (${discordant.length})` },
              ...discordantCounts(discordant).map((each) => ({
                value: each.category,
                label: `${CATEGORY_LABEL[each.category]} (${each.scenarios})`,
              })),
            ]}
          />
        )
      }
      bodyClassName="grid gap-4"
    >
      {rows.length === 0 ? (
        <EmptyState title="They agree on every scenario">
          {rows === discordant ? 'What one got right, all got right.' : 'In this category. Choose another.'}
        </EmptyState>
      ) : (
        <ol className="grid gap-4">
          {rows.slice(0, shown).map((scenario) => (
            <li key={scenario.scenarioId} className="min-w-0">
              <Scenario scenario={scenario} names={names} />
            </li>
          ))}
        </ol>
      )}
      {rows.length > shown && (
        <Button className="justify-self-center" onClick={() => setShown(shown + STEP)}>
          Show more: {whole(rows.length - shown)} are left
        </Button>
      )}
    </Card>
  );
}

function Scenario({ scenario, names }: { readonly scenario: Discordant; readonly names: readonly string[] }) {
  const { scenarioId, category, expected, prompt, answers } = scenario;
  return (
    <article aria-label={`Scenario ${scenarioId}`} className="rounded-md border border-line">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5 text-sm">
        <span className="font-medium">{CATEGORY_LABEL[category]}</span>
        <span>
          <span className="text-soft">expected </span>
          <strong className="font-semibold">{labelWord(category, expected)}</strong>
        </span>
        <span className="ml-auto inline-flex items-center font-mono text-xs break-all text-soft">
          {scenarioId}
          <CopyButton value={scenarioId} name="scenario id" />
        </span>
      </header>
      <div className="grid gap-3 p-3 [&>*]:min-w-0">
        {prompt === null ? (
          <p className="text-sm text-soft">None of the runs sent its prompts.</p>
        ) : (
          <LongText className="text-sm">
            <bdi>{prompt}</bdi>
          </LongText>
        )}
        <ul className="grid grid-cols-[repeat(auto-fit,minmax(min(15rem,100%),1fr))] gap-2">
          {answers.map(({ outcome, answer }, i) => (
            <li key={i} className="min-w-0 rounded-md bg-sunken p-2.5">
              <p className="mb-1.5 flex items-start justify-between gap-2 text-xs">
                <bdi className="min-w-0 break-all text-soft">{names[i]}</bdi>
                <OutcomeBadge outcome={outcome} />
              </p>
              <LongText className="font-mono text-xs">
                <bdi>{answer === '' ? '(empty)' : answer}</bdi>
              </LongText>
            </li>
          ))}
        </ul>
      </div>
    </article>
  );
}
