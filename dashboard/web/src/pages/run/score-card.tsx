/** The accuracy over all scenarios, with both of its intervals and what counts as wrong. */
import type { RunDetail, RunSummary } from '../../../../api/run';
import { Accuracy } from '../../components/accuracy';
import { Badge } from '../../components/badge';
import { Card } from '../../components/card';
import { Figure, Figures } from '../../components/figure';
import { interval, points, whole } from '../../lib/format';
import { standing } from '../../lib/standing';

interface Props {
  readonly run: RunDetail;
  readonly outcome: NonNullable<RunSummary['outcome']>;
}

export function ScoreCard({ run, outcome }: Props) {
  const { scenarios, correct, unknown, errors, accuracy, wilson95, majorityBaseline } = outcome;
  const { bootstrap95 } = run;
  return (
    <Card
      title="Accuracy"
      description="Answers that no rule could read, and errors, count as wrong."
      actions={<Against outcome={outcome} />}
      bodyClassName="grid gap-5"
    >
      <Accuracy {...{ accuracy, wilson95, majorityBaseline, scenarios }} size="large" />
      <Figures>
        <Figure name="Right" value={whole(correct)} beside={`of ${whole(scenarios)}`} />
        <Figure
          name="Wrong"
          value={whole(scenarios - correct - unknown - errors)}
          beside="read, and not right"
        />
        <Figure name="Unknown" value={whole(unknown)} beside="no rule could read" />
        <Figure name="Errors" value={whole(errors)} beside="no answer" />
        {bootstrap95 && (
          <Figure name="95 % by bootstrap" value={interval(bootstrap95)} beside="stratified by category" />
        )}
        <Figure
          name="Over the baseline"
          value={points(accuracy - majorityBaseline)}
          beside="always the commoner label"
        />
      </Figures>
    </Card>
  );
}

const STANDING = {
  above: { tone: 'good', text: 'Above the baseline' },
  below: { tone: 'bad', text: 'Below the baseline' },
  undecided: { tone: 'warn', text: 'Not told from the baseline' },
} as const;

/** Whether the interval lies clear of the majority baseline. */
function Against({ outcome }: Pick<Props, 'outcome'>) {
  const { tone, text } = STANDING[standing(outcome)];
  return <Badge tone={tone}>{text}</Badge>;
}
