/** What stands under the pointer, or under the keyboard's place, in a chart. */
import { Tooltip } from 'recharts';

export interface TipRow {
  readonly name: string;
  readonly value: string;
  readonly color?: string | undefined;
}

export interface Tip {
  readonly title: string;
  readonly rows: readonly TipRow[];
}

interface Props<T> {
  readonly of: (point: T) => Tip | null;
  readonly cursor?: object | boolean;
}

export function PlotTip<T>({ of, cursor = { fill: 'var(--color-sunken)', opacity: 0.6 } }: Props<T>) {
  return (
    <Tooltip
      isAnimationActive={false}
      cursor={cursor}
      content={({ active, payload }) => {
        const point: unknown = payload?.[0]?.payload;
        const tip = active && point !== undefined ? of(point as T) : null;
        return tip && <TipBox {...tip} />;
      }}
    />
  );
}

function TipBox({ title, rows }: Tip) {
  return (
    <div className="bg-card border-line text-ink max-w-72 rounded-md border px-3 py-2 text-xs shadow-lg">
      <p className="font-medium">{title}</p>
      <dl className="mt-1 grid grid-cols-[auto_auto] gap-x-4 gap-y-0.5">
        {rows.map(({ name, value, color }) => (
          <div key={name} className="contents">
            <dt className="text-soft flex items-center gap-1.5">
              {color !== undefined && (
                <span aria-hidden className="size-2 rounded-full" style={{ background: color }} />
              )}
              {name}
            </dt>
            <dd className="figures text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
