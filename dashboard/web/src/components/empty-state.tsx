/** Nothing is there: says why, and what to do about it. */
import { Inbox } from 'lucide-react';
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
}

export function EmptyState({ title, children }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-1 px-4 py-10 text-center">
      <Inbox aria-hidden className="mb-1 size-6 text-control" strokeWidth={1.5} />
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-[60ch] text-sm text-soft">{children}</div>}
    </div>
  );
}
