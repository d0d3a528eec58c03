/** Names and their values, under one another. */
import { Fragment, type ReactNode } from 'react';
import { cn } from '../lib/cn';

export interface FactsProps {
  /** Null leaves a fact out. */
  readonly facts: readonly (readonly [name: string, value: ReactNode] | null)[];
  readonly className?: string | undefined;
}

export function Facts({ facts, className }: FactsProps) {
  return (
    <dl
      className={cn(
        'grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[minmax(8rem,auto)_1fr] sm:gap-y-1.5',
        className,
      )}
    >
      {facts.map(
        (fact) =>
          fact && (
            <Fragment key={fact[0]}>
              <dt className="text-soft max-sm:mt-1.5">{fact[0]}</dt>
              <dd className="min-w-0 break-words">{fact[1]}</dd>
            </Fragment>
          ),
      )}
    </dl>
  );
}
