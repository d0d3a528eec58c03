/** An accuracy as it is always shown: with its interval, the majority baseline and how many scenarios it rests on. */
import { cn } from '../lib/cn';
import { interval, percent, whole } from '../lib/format';
import { type Interval, IntervalBar } from './interval-bar';

export interface AccuracyProps {
  readonly accuracy: number;
  readonly wilson95: Interval;
  readonly majorityBaseline: number;
  readonly scenarios: number;
  /** `large` for the one figure of a page. @default 'medium' */
  readonly size?: 'medium' | 'large';
  /** Draws the interval too. @default true */
  readonly bar?: boolean;
  readonly className?: string | undefined;
}

export function Accuracy(props: AccuracyProps) {
  const { accuracy, wilson95, majorityBaseline, scenarios, size = 'medium', bar = true, className } = props;
  const large = size === 'large';
  return (
    <span className={cn('figures inline-grid gap-x-2.5', bar && 'w-full min-w-52', className)}>
      <span className="flex items-baseline gap-x-2 whitespace-nowrap">
        <span className={cn('font-semibold', large ? 'text-3xl tracking-tight' : 'text-base')}>
          {percent(accuracy)}
        </span>
        <span className="text-xs text-soft" title="95 % interval (Wilson)">
          <span className="sr-only">95 % interval </span>
          {interval(wilson95)}
        </span>
      </span>
      {bar && (
        <IntervalBar {...{ accuracy, wilson95, majorityBaseline }} className={large ? 'my-1.5' : 'my-0.5'} />
      )}
      <span className="text-xs whitespace-nowrap text-soft">
        majority {percent(majorityBaseline)} · n = {whole(scenarios)}
      </span>
    </span>
  );
}
