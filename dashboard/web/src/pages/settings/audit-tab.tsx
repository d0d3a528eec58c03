/** Who changed what, the newest first. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { AuditEntry } from '../../../../api/access';
import { Button } from '../../components/button';
import { Card } from '../../components/card';
import { type Column, DataTable } from '../../components/data-table';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { Time } from '../../components/figures';
import { RestingField } from '../../components/resting-field';
import { SkeletonRows } from '../../components/skeleton';
import { auditQuery } from '../../lib/queries';

const route = getRouteApi('/settings');

const COLUMNS: readonly Column<AuditEntry>[] = [
  { id: 'at', header: 'When', cell: ({ at }) => <Time value={at} /> },
  { id: 'actor', header: 'Who', cell: ({ actor }) => <span className="font-medium">{actor}</span> },
  { id: 'action', header: 'Did', cell: ({ action }) => <code className="font-mono text-xs">{action}</code> },
  {
    id: 'target',
    header: 'To',
    cell: ({ target }) => <code className="font-mono text-xs break-all">{target}</code>,
  },
  { id: 'detail', header: 'Detail', cell: ({ detail }) => detail ?? <span className="text-soft">–</span> },
];

export function AuditTab() {
  const { actor, action } = route.useSearch();
  const navigate = route.useNavigate();
  const narrow = (name: 'actor' | 'action') => (text: string) =>
    void navigate({
      search: (before) => ({ ...before, [name]: text || undefined }),
      replace: true,
      resetScroll: false,
    });
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    auditQuery({ ...(actor && { actor }), ...(action && { action }) }),
  );
  return (
    <Card
      title="Audit log"
      description="Every change, by whom, and when. Nobody can change it here."
      actions={
        <div className="flex flex-wrap gap-2">
          <RestingField
            label="Who"
            hideLabel
            placeholder="Who, exactly"
            maxLength={64}
            value={actor ?? ''}
            onRest={narrow('actor')}
          />
          <RestingField
            label="Action"
            hideLabel
            placeholder="Such as token.create"
            maxLength={64}
            value={action ?? ''}
            onRest={narrow('action')}
          />
        </div>
      }
      bodyClassName="p-0"
    >
      {data ? (
        <DataTable
          caption="Audit log"
          columns={COLUMNS}
          rows={data.pages.flatMap((page) => page.items)}
          rowKey={(entry) => entry.id}
          empty={
            <EmptyState title="Nothing was changed">{(actor ?? action) && 'By these filters.'}</EmptyState>
          }
        />
      ) : error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={8} />
      )}
      {hasNextPage && (
        <div className="flex justify-center border-t border-line p-3">
          <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
            {isFetchingNextPage ? 'Loading' : 'Show older entries'}
          </Button>
        </div>
      )}
    </Card>
  );
}
