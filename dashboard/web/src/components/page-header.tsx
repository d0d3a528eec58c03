/** The page's name, what it is for, and what can be done on it; names the browser's tab too. */
import type { ReactNode } from 'react';

export interface PageHeaderProps {
  readonly title: string;
  /** Stands in place of the title where it is more than text; `title` still names the tab. */
  readonly heading?: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
}

export function PageHeader({ title, heading, description, actions }: PageHeaderProps) {
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <title>{`${title} · HE-300`}</title>
      <div className="min-w-0">
        <h1 className="text-xl font-semibold tracking-tight">{heading ?? title}</h1>
        {description && <div className="mt-0.5 max-w-[78ch] text-soft">{description}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
