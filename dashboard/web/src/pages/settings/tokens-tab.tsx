/** Tokens: made, looked over, revoked. */
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Token } from '../../../../api/access';
import { Badge } from '../../components/badge';
import { Button } from '../../components/button';
import { Card } from '../../components/card';
import { type Column, DataTable } from '../../components/data-table';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { Time } from '../../components/figures';
import { SkeletonRows } from '../../components/skeleton';
import { tokensQuery } from '../../lib/queries';
import { NewTokenDialog } from './new-token-dialog';
import { RevokeDialog } from './revoke-dialog';

export function TokensTab() {
  const { data, error, refetch } = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<Token | null>(null);
  return (
    <Card
      title="Tokens"
      description="A viewer reads, a runner also uploads artifacts, an admin also changes tokens and keys. Only a hash of each is kept."
      actions={
        <Button variant="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden />
          New token
        </Button>
      }
      bodyClassName="p-0"
    >
      {data ? (
        <DataTable
          caption="Tokens"
          columns={columns(setRevoked)}
          rows={data}
          rowKey={(token) => token.id}
          rowClassName={(token) => (stands(token) === 'valid' ? undefined : 'text-soft')}
          empty={<EmptyState title="There is no token">Make one for each person and each host.</EmptyState>}
        />
      ) : error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={3} />
      )}
      <NewTokenDialog open={making} onOpenChange={setMaking} />
      <RevokeDialog token={revoked} onClose={() => setRevoked(null)} />
    </Card>
  );
}

function stands(token: Token): 'valid' | 'revoked' | 'expired' {
  if (token.revokedAt !== null) return 'revoked';
  return token.expiresAt !== null && Date.parse(token.expiresAt) <= Date.now() ? 'expired' : 'valid';
}

const TONE = { valid: 'good', revoked: 'neutral', expired: 'warn' } as const;

const columns = (revoke: (token: Token) => void): readonly Column<Token>[] => [
  {
    id: 'name',
    header: 'Name',
    rowHeader: true,
    className: 'max-sm:max-w-40',
    cell: ({ name }) => <span className="font-medium">{name}</span>,
  },
  { id: 'role', header: 'Role', cell: ({ role }) => <Badge>{role}</Badge> },
  { id: 'environment', header: 'Environment', cell: ({ environment }) => environment ?? 'all' },
  {
    id: 'state',
    header: 'State',
    cell: (token) => <Badge tone={TONE[stands(token)]}>{stands(token)}</Badge>,
  },
  { id: 'created', header: 'Created', cell: ({ createdAt }) => <Time value={createdAt} relative /> },
  {
    id: 'expires',
    header: 'Expires',
    cell: ({ expiresAt }) => (expiresAt === null ? 'never' : <Time value={expiresAt} relative />),
  },
  {
    id: 'used',
    header: 'Last used',
    cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : <Time value={lastUsedAt} relative />),
  },
  {
    id: 'revoke',
    header: <span className="sr-only">Revoke</span>,
    align: 'right',
    cell: (token) =>
      stands(token) === 'valid' && (
        <Button size="small" variant="danger" onClick={() => revoke(token)}>
          Revoke<span className="sr-only"> {token.name}</span>
        </Button>
      ),
  },
];
