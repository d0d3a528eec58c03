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
  const drawing = (
    <IntervalBar {...{ accuracy, wilson95, majorityBaseline }} className={large ? 'my-1.5' : 'flex-1'} />
  );
  return (
    <span className={cn('figures flex items-center gap-x-4', large && 'block', className)}>
      <span className="grid whitespace-nowrap">
        <span className="flex items-baseline gap-x-2">
          <span className={cn('font-semibold', large && 'text-3xl tracking-tight')}>{percent(accuracy)}</span>
          <span className={cn('text-soft', large ? 'text-sm' : 'text-xs')} title="95 % interval (Wilson)">
            <span className="sr-only">95 % interval </span>
            {interval(wilson95)}
          </span>
        </span>
        {large && bar && drawing}
        <span className={cn('text-soft', large ? 'text-sm' : 'text-xs')}>
          majority {percent(majorityBaseline)} · n = {whole(scenarios)}
        </span>
      </span>
      {!large && bar && drawing}
    </span>
  );
}
