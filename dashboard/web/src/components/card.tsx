/** A part of a page under a heading of its own. */
import { type ReactNode, useId } from 'react';
import { cn } from '../lib/cn';

export interface CardProps {
  /** @default - no heading, and no landmark */
  readonly title?: ReactNode;
  readonly description?: ReactNode;
  /** Stands at the right of the heading. */
  readonly actions?: ReactNode;
  /** Of the body, such as `p-0` for a table that reaches the edges. */
  readonly bodyClassName?: string | undefined;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Card({ title, description, actions, bodyClassName, className, children }: CardProps) {
  const headingId = useId();
  const box = cn('min-w-0 overflow-clip rounded-lg border border-line bg-card', className);
  const body = <div className={cn('p-4', title && 'pt-0', bodyClassName)}>{children}</div>;
  if (!title) return <div className={box}>{body}</div>;
  return (
    <section aria-labelledby={headingId} className={box}>
      <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3.5 pb-3">
        <div className="min-w-0">
          <h2 id={headingId} className="text-lg font-semibold">
            {title}
          </h2>
          {description && <p className="max-w-[105ch] text-sm text-soft">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </header>
      {body}
    </section>
  );
}
