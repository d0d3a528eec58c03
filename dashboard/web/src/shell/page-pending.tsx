/** A page whose code is on its way. */
import { Skeleton } from '../components/skeleton';

export function PagePending() {
  return (
    <div role="status">
      <span className="sr-only">Loading</span>
      <Skeleton className="mb-6 h-8 w-56" />
      <Skeleton className="h-72" />
    </div>
  );
}
