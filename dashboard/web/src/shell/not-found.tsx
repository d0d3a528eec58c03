/** An address that leads nowhere. */
import { Link } from '@tanstack/react-router';
import { Button } from '../components/button';
import { EmptyState } from '../components/empty-state';
import { PageHeader } from '../components/page-header';

export function NotFound() {
  return (
    <>
      <PageHeader title="No such page" />
      <EmptyState title="Nothing is at this address">
        <p className="mb-3">The link may be old, or mistyped.</p>
        <Button asChild>
          <Link to="/">To the overview</Link>
        </Button>
      </EmptyState>
    </>
  );
}
