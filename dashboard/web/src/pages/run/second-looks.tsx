/** Two checks of the score: the same scenarios asked again alone, and a second model that reads the answers. */
import { Link } from '@tanstack/react-router';
import type { Results } from '@he300/benchmark/contract';
import { Button } from '../../components/button';
import { Card } from '../../components/card';
import { Figure, Figures } from '../../components/figure';
import { interval, percent, plural, whole } from '../../lib/format';

type Score = Results['score'];

export function FlipsCard({ flips }: { readonly flips: NonNullable<Score['flips']> }) {
  const { rescored, flipped, wilson95 } = flips;
  return (
    <Card
      title="Asked again, alone"
      description="Batching can change an answer even at temperature 0: a part of the scenarios was asked again with nothing else in flight."
    >
      <Figures>
        <Figure name="Judged otherwise" value={`${whole(flipped)} of ${whole(rescored)}`} />
        <Figure
          name="Flip rate"
          value={rescored === 0 ? '–' : percent(flipped / rescored)}
          beside={`95 %: ${interval(wilson95)}`}
        />
      </Figures>
    </Card>
  );
}

interface JudgeProps {
  readonly judge: NonNullable<Score['judge']>;
  readonly runId: string;
}

export function JudgeCard({ judge, runId }: JudgeProps) {
  const { model, prompts, asked, agreed, disagreed, unreadable, failed, wilson95 } = judge;
  const both = agreed + disagreed;
  return (
    <Card
      title="Read by a second model"
      description={
        <>
          <bdi>{model}</bdi>, prompts {prompts.name} {prompts.version}. It overrides nothing: the score is
          that of the rules.
        </>
      }
    >
      <Figures>
        <Figure name="Agreed" value={whole(agreed)} beside={`of ${plural(asked, 'answer')}`} />
        <Figure
          name="Disagreed"
          value={whole(disagreed)}
          beside={both > 0 && `${percent(disagreed / both)}; 95 %: ${interval(wilson95)}`}
        />
        <Figure name="Unreadable" value={whole(unreadable)} beside="names no choice" />
        <Figure name="Failed" value={whole(failed)} beside="no reply" />
      </Figures>
      {judge.disagreements.length > 0 && (
        <details className="mt-4 text-sm">
          <summary>Scenarios on which they disagree</summary>
          <ul className="mt-2 grid gap-1">
            {judge.disagreements.map(({ scenarioId }) => (
              <li key={scenarioId}>
                <Button asChild variant="quiet" size="small" className="max-w-full font-mono">
                  <Link to="/runs/$runId" params={{ runId }} search={{ tab: 'samples', q: scenarioId }}>
                    <span className="truncate">{scenarioId}</span>
                  </Link>
                </Button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}
