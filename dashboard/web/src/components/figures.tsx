/** Times, durations and prices, each with what a glance does not need as its title. */
import { ago, duration, minute, usd } from '../lib/format';
import { useNow } from '../lib/now';

export interface TimeProps {
  readonly value: string;
  /** `5 min ago`, and the time itself as the title. @default false */
  readonly relative?: boolean;
}

/** In UTC, as everything that the runner writes. */
export function Time({ value, relative = false }: TimeProps) {
  return (
    <time
      dateTime={value}
      title={`${minute(value)}:${value.slice(17, 19)} UTC`}
      className="whitespace-nowrap"
    >
      {relative ? <Ago value={value} /> : `${minute(value)} UTC`}
    </time>
  );
}

const Ago = ({ value }: { readonly value: string }) => <>{ago(value, useNow())}</>;

export const Duration = ({ seconds }: { readonly seconds: number }) => (
  <span className="figures whitespace-nowrap">{duration(seconds)}</span>
);

export interface ElapsedProps {
  readonly from: string;
  /** Null: it goes on, and the figure with it. */
  readonly to: string | null;
}

export const Elapsed = ({ from, to }: ElapsedProps) =>
  to === null ? <Running from={from} /> : <Duration seconds={(Date.parse(to) - Date.parse(from)) / 1000} />;

const Running = ({ from }: { readonly from: string }) => (
  <Duration seconds={Math.max(0, (useNow(1000) - Date.parse(from)) / 1000)} />
);

export const Usd = ({ value }: { readonly value: number | null }) =>
  value === null ? (
    <span title="Nothing is paid by the hour">–</span>
  ) : (
    <span className="figures">{usd(value)}</span>
  );
