/** Keys that hosts sign their events with, one environment each; two count while a new one takes over. */
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { WebhookKey } from '../../../../api/access';
import { Badge } from '../../components/badge';
import { Button } from '../../components/button';
import { Card } from '../../components/card';
import { type Column, DataTable } from '../../components/data-table';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { Time } from '../../components/figures';
import { SkeletonRows } from '../../components/skeleton';
import { webhookKeysQuery } from '../../lib/queries';
import { NewKeyDialog } from './new-key-dialog';

const COLUMNS: readonly Column<WebhookKey>[] = [
  {
    id: 'environment',
    header: 'Environment',
    rowHeader: true,
    cell: ({ environment }) => <span className="font-medium">{environment}</span>,
  },
  { id: 'key', header: 'Key', cell: ({ keyId }) => <code className="font-mono text-xs">{keyId}</code> },
  {
    id: 'state',
    header: 'State',
    cell: ({ expiresAt }) =>
      expiresAt === null ? <Badge tone="good">newest</Badge> : <Badge tone="warn">being replaced</Badge>,
  },
  { id: 'created', header: 'Since', cell: ({ createdAt }) => <Time value={createdAt} relative /> },
  {
    id: 'expires',
    header: 'Taken until',
    cell: ({ expiresAt }) => (expiresAt === null ? 'it is replaced' : <Time value={expiresAt} />),
  },
];

export function WebhookKeysTab() {
  const { data, error, refetch } = useQuery(webhookKeysQuery);
  const [making, setMaking] = useState(false);
  return (
    <Card
      title="Webhook keys"
      description="Hosts of an environment sign their events with its key. A key is named by the beginning of its hash, and shown to nobody."
      actions={
        <Button variant="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          New key
        </Button>
      }
      bodyClassName="p-0"
    >
      {data ? (
        <DataTable
          caption="Webhook keys"
          columns={COLUMNS}
          rows={data}
          rowKey={({ environment, keyId }) => `${environment} ${keyId}`}
          empty={
            <EmptyState title="No environment has a key">
              Until it has one, events of its hosts are refused.
            </EmptyState>
          }
        />
      ) : error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={3} />
      )}
      <NewKeyDialog open={making} onOpenChange={setMaking} />
    </Card>
  );
}
