/** How far a run is that has not ended. It follows what the host tells. */
import type { RunDetail } from '../../../../api/run';
import { Card } from '../../components/card';
import { Figure, Figures } from '../../components/figure';
import { Time } from '../../components/figures';
import { Progress } from '../../components/progress';
import { amount, duration, percent, usd, whole } from '../../lib/format';
import { ENDED } from '../../lib/labels';
import { PHASE_LABEL } from './phase-words';

export function RunProgress({ run }: { readonly run: RunDetail }) {
  const { state, progress, heardAt, costUsd } = run;
  if (ENDED.includes(state)) return null;
  const { phase = null, done = 0, total = 0, correct = 0 } = progress ?? {};
  return (
    <Card className="mb-5" bodyClassName="grid gap-4">
      {state === 'LOST' && (
        <p role="status" className="text-warn">
          Nothing was heard of the host since <Time value={heardAt} />. It comes back by itself when it speaks
          again; if it does not, look whether the machine still runs, and costs.
        </p>
      )}
      {state === 'PENDING' && (
        <p role="status" className="text-soft">
          The host has spoken, and the run has not started yet: it prepares itself.
        </p>
      )}
      {total > 0 && (
        <div>
          <div className="mb-1 flex justify-between text-sm">
            <span>
              {whole(done)} of {whole(total)} scenarios
            </span>
            <span className="figures text-soft">{percent(done / total, 0)}</span>
          </div>
          <Progress label="Scenarios done" done={done} total={total} />
        </div>
      )}
      <Figures>
        <Figure name="Phase" value={phase === null ? '–' : PHASE_LABEL[phase]} />
        <Figure
          name="Right so far"
          value={done > 0 ? `${whole(correct)} of ${whole(done)}` : '–'}
          beside="not a score yet"
        />
        <Figure name="In flight" value={progress?.concurrency ?? '–'} />
        <Figure name="Tokens/s" value={figure(progress?.tokensPerSecond, amount)} />
        <Figure name="Time left" value={figure(progress?.etaSeconds, duration)} />
        <Figure name="Spent" value={figure(costUsd, usd)} />
        <Figure name="Last heard" value={<Time value={heardAt} relative />} />
      </Figures>
    </Card>
  );
}

const figure = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? '–' : format(value);
