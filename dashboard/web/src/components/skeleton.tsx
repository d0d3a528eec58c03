/** Holds the place of what is being loaded. */
import { cn } from '../lib/cn';

export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={cn('h-4 animate-pulse rounded-md bg-line', className)} />;
}

export interface SkeletonRowsProps {
  readonly rows: number;
  /** Of each row. @default 'h-9' */
  readonly className?: string | undefined;
}

export function SkeletonRows({ rows, className = 'h-9' }: SkeletonRowsProps) {
  return (
    <div role="status" className="grid gap-2 p-4">
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} className={className} />
      ))}
    </div>
  );
}
