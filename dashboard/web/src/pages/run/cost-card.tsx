/** What the run cost. */
import type { RunDetail } from '../../../../api/run';
import { Card } from '../../components/card';
import { Figure, Figures } from '../../components/figure';
import { amount, percent, usd } from '../../lib/format';
import { costFigures } from './cost-figures';

export function CostCard({ run }: { readonly run: RunDetail }) {
  const cost = costFigures(run);
  const { spentUsd, usdPerHour, capUsd, capPart, usdPerCorrect, wattHours, wattHoursPerCorrect } = cost;
  const limit = run.price?.timeLimitMinutes ?? null;
  return (
    <Card
      title="Cost"
      description={
        usdPerHour === null
          ? 'Nothing is paid by the hour for this machine.'
          : 'Of the host, from its first event to its last.'
      }
    >
      <Figures>
        <Figure
          name="Spent"
          value={spentUsd === null ? '–' : usd(spentUsd)}
          beside={capPart !== null && `${percent(capPart, 0)} of the cap`}
        />
        <Figure name="Per hour" value={usdPerHour === null ? '–' : usd(usdPerHour)} />
        <Figure
          name="Cap"
          value={capUsd === null ? '–' : usd(capUsd)}
          beside={limit !== null && `and ${limit} min`}
        />
        <Figure name="Per right answer" value={usdPerCorrect === null ? '–' : usd(usdPerCorrect)} />
        <Figure
          name="Energy of the GPUs"
          value={wattHours === null ? '–' : `${amount(wattHours)} Wh`}
          beside={
            wattHoursPerCorrect === null
              ? 'nothing told their power'
              : `${amount(wattHoursPerCorrect)} Wh a right answer`
          }
        />
      </Figures>
    </Card>
  );
}
