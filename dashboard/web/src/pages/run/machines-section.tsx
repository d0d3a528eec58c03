/** Telemetry of the GPUs, of the server and of the runner itself. */
import { useQuery } from '@tanstack/react-query';
import type { Telemetry } from '@he300/benchmark/contract';
import type { RunDetail } from '../../../../api/run';
import type { TelemetrySeries } from '../../../../api/telemetry';
import { TelemetryPlot } from '../../charts/lazy-chart';
import { Legend } from '../../charts/legend';
import { inUnit, type Panel, stretches, telemetryPanels } from '../../charts/telemetry-panels';
import { Card } from '../../components/card';
import { ChartFrame } from '../../components/chart-frame';
import { DataTable } from '../../components/data-table';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { Skeleton } from '../../components/skeleton';
import { ApiError } from '../../lib/api';
import { duration, plural } from '../../lib/format';
import { telemetryQuery } from '../../lib/queries';
import { machineNotes, machineRows } from './machine-rows';

interface Props {
  readonly run: RunDetail;
  /** Of the scored pass, as the signed results have it. */
  readonly telemetry: Telemetry | null;
}

export function MachinesSection({ run, telemetry }: Props) {
  return (
    <>
      {telemetry && <Summary telemetry={telemetry} />}
      <Series runId={run.runId} />
    </>
  );
}

function Summary({ telemetry }: { readonly telemetry: Telemetry }) {
  const notes = machineNotes(telemetry);
  return (
    <Card
      title="Machines during the scored pass"
      description={`${plural(telemetry.readings, 'reading')} in ${duration(telemetry.seconds)}.${telemetry.gpus ? ' “Any kernel running” tells idle from not idle, and nothing else.' : ' Nothing told of a GPU.'}`}
      bodyClassName="p-0 pb-3"
    >
      <DataTable
        caption="Machines during the scored pass"
        rows={machineRows(telemetry)}
        rowKey={({ name }) => name}
        columns={[
          { id: 'name', header: 'What', rowHeader: true, cell: ({ name }) => name },
          { id: 'mean', header: 'Mean', align: 'right', cell: ({ mean }) => mean },
          { id: 'p95', header: 'p95', align: 'right', cell: ({ p95 }) => p95 },
          { id: 'max', header: 'Max', align: 'right', cell: ({ max }) => max },
        ]}
      />
      {notes.length > 0 && (
        <ul className="grid gap-1 px-4 pt-3 text-sm text-soft">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Series({ runId }: { readonly runId: string }) {
  const { data, error, refetch } = useQuery({
    ...telemetryQuery(runId),
    retry: (failures, error) => failures < 2 && !isMissing(error),
  });
  if (error && !isMissing(error)) return <ErrorState error={error} retry={() => void refetch()} />;
  if (error || data?.seconds.length === 0) return <Untold />;
  if (!data) return <Skeleton className="h-56" />;
  return <Panels series={data} />;
}

const Untold = () => (
  <div className="rounded-lg border border-line bg-card">
    <EmptyState title="No telemetry over time">
      It is drawn from telemetry.jsonl, which the host uploads when the run has ended.
    </EmptyState>
  </div>
);

const isMissing = (error: Error): boolean => error instanceof ApiError && error.status === 404;

/** Units that the axis or the title shows already. */
const SPELT_OUT: readonly Panel['unit'][] = ['part', 'requests'];

function Panels({ series }: { readonly series: TelemetrySeries }) {
  const { seconds, during } = series;
  const work = stretches(series);
  const panels = telemetryPanels(series);
  if (panels.length === 0) return <Untold />;
  return (
    <section aria-labelledby="telemetry" className="grid gap-3">
      <div>
        <h2 id="telemetry" className="text-lg font-semibold">
          Telemetry
        </h2>
        <p className="text-sm text-soft">
          Over the whole run; the scored pass is shaded. Each point is the largest value of its stretch. The
          signature does not cover it.
        </p>
      </div>
      <div className="grid gap-4 md:grid-cols-2 2xl:grid-cols-3 [&>*]:min-w-0">
        {panels.map((panel) => (
          <ChartFrame
            key={panel.title}
            title={SPELT_OUT.includes(panel.unit) ? panel.title : `${panel.title}, ${panel.unit}`}
            table={{
              columns: ['After', 'Did', ...panel.lines.map(({ label }) => label)],
              rows: seconds.map((at, i) => [
                duration(at),
                during[i] ?? null,
                ...panel.lines.map(({ values }) => inUnit(values[i], panel.unit)),
              ]),
            }}
          >
            <TelemetryPlot panel={panel} seconds={seconds} during={during} stretches={work} />
            {panel.lines.length > 1 && <Legend labels={panel.lines.map(({ label }) => label)} />}
          </ChartFrame>
        ))}
      </div>
    </section>
  );
}
