/** How well the model did, what it cost, and how the time passed. */
import type { RunDetail } from '../../../../api/run';
import { EmptyState } from '../../components/empty-state';
import { ENDED } from '../../lib/labels';
import { CategorySection } from './category-section';
import { CostCard } from './cost-card';
import { PhaseTimeline } from './phase-timeline';
import { FlipsCard, JudgeCard } from './second-looks';
import { ScoreCard } from './score-card';

export function ResultsTab({ run }: { readonly run: RunDetail }) {
  const score = run.results?.score;
  return (
    <div className="grid gap-4 [&>*]:min-w-0">
      <div className="grid gap-4 lg:grid-cols-[3fr_2fr] [&>*]:min-w-0">
        {run.outcome ? <ScoreCard run={run} outcome={run.outcome} /> : <NoScore run={run} />}
        <CostCard run={run} />
      </div>
      {run.categories.length > 0 && <CategorySection categories={run.categories} />}
      {score && (score.flips || score.judge) && (
        <div className="grid gap-4 lg:grid-cols-2 [&>*]:min-w-0">
          {score.flips && <FlipsCard flips={score.flips} />}
          {score.judge && <JudgeCard judge={score.judge} runId={run.runId} />}
        </div>
      )}
      {run.phases.length > 0 && <PhaseTimeline run={run} />}
    </div>
  );
}

const NoScore = ({ run }: { readonly run: RunDetail }) => (
  <div className="rounded-lg border border-line bg-card">
    {ENDED.includes(run.state) ? (
      <EmptyState title="This run has no score">
        Only a run that went to its end has one. What it did answer is under Answers, if the host could send
        it.
      </EmptyState>
    ) : (
      <EmptyState title="No score yet">
        It comes when every scenario was asked. The page follows by itself.
      </EmptyState>
    )}
  </div>
);
