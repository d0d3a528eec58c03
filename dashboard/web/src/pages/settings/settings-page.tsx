/** Who is signed in; and, for admins, tokens, webhook keys and the audit log. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useRouter } from '@tanstack/react-router';
import { LogOut } from 'lucide-react';
import { Badge } from '../../components/badge';
import { Button } from '../../components/button';
import { Card } from '../../components/card';
import { EmptyState } from '../../components/empty-state';
import { PageHeader } from '../../components/page-header';
import { Tabs } from '../../components/tabs';
import { rememberCsrfToken, sendJson } from '../../lib/api';
import { sessionQuery } from '../../lib/queries';
import { AuditTab } from './audit-tab';
import { TokensTab } from './tokens-tab';
import { WebhookKeysTab } from './webhook-keys-tab';

const route = getRouteApi('/settings');
const TABS = ['tokens', 'webhook-keys', 'audit'] as const;

export function SettingsPage() {
  const { data: session } = useQuery(sessionQuery);
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  if (!session) return null;
  return (
    <>
      <PageHeader
        title="Settings"
        description={
          session.role === null ? (
            'Nobody is signed in.'
          ) : (
            <span className="flex flex-wrap items-center gap-2">
              Signed in as <span className="font-medium text-ink">{session.name}</span>
              <Badge>{session.role}</Badge>
            </span>
          )
        }
        actions={session.role !== null && <SignOut />}
      />
      {session.role === 'admin' ? (
        <Tabs
          label="Settings"
          value={TABS.find((each) => each === tab) ?? 'tokens'}
          onValueChange={(value) => void navigate({ search: { tab: value }, replace: true })}
          tabs={[
            { value: 'tokens', label: 'Tokens', content: <TokensTab /> },
            { value: 'webhook-keys', label: 'Webhook keys', content: <WebhookKeysTab /> },
            { value: 'audit', label: 'Audit log', content: <AuditTab /> },
          ]}
        />
      ) : (
        <Card>
          <EmptyState title="Tokens, keys and the audit log are for admins">
            {session.role === null ? (
              <Button asChild variant="primary" className="mt-2">
                <Link to="/sign-in" search={{ next: '/settings' }}>
                  Sign in
                </Link>
              </Button>
            ) : (
              'Sign in with an admin’s token to see them.'
            )}
          </EmptyState>
        </Card>
      )}
    </>
  );
}

function SignOut() {
  const client = useQueryClient();
  const router = useRouter();
  const signOut = useMutation({
    mutationFn: () => sendJson<undefined>('DELETE', '/api/session'),
    onSuccess: async () => {
      rememberCsrfToken(null);
      client.clear();
      await router.invalidate();
      await router.navigate({ to: '/sign-in' });
    },
  });
  return (
    <>
      {signOut.error && (
        <p role="alert" className="text-sm text-bad">
          {signOut.error.message}
        </p>
      )}
      <Button onClick={() => signOut.mutate()} disabled={signOut.isPending}>
        <LogOut aria-hidden />
        Sign out
      </Button>
    </>
  );
}
