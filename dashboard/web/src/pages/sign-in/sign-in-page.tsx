/** Signing in with a token. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import type { FormEvent } from 'react';
import type { Session } from '../../../../api/access';
import { Button } from '../../components/button';
import { Card } from '../../components/card';
import { TextField } from '../../components/field';
import { rememberCsrfToken, sendJson } from '../../lib/api';
import { sessionQuery } from '../../lib/queries';
import { insideAddress } from '../../lib/search';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { next } = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: (token: string) => sendJson<Session>('POST', '/api/session', { token }),
    onSuccess: (session) => {
      rememberCsrfToken(session.csrfToken);
      // What was answered to nobody may look different now.
      client.clear();
      client.setQueryData(sessionQuery.queryKey, session);
      router.history.push(insideAddress(next));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    signIn.mutate(String(new FormData(event.currentTarget).get('token')).trim());
  };
  return (
    <div className="mx-auto mt-[8vh] max-w-md">
      <title>Sign in · HE-300</title>
      <h1 className="mb-1 text-xl font-semibold tracking-tight">Sign in</h1>
      <p className="mb-5 text-soft">With a token that an admin gave you.</p>
      <Card>
        <form onSubmit={submit} className="grid gap-4">
          <TextField
            label="Token"
            name="token"
            type="password"
            autoComplete="current-password"
            required
            autoFocus
            maxLength={200}
            spellCheck={false}
            error={signIn.error?.message}
          />
          <Button type="submit" variant="primary" disabled={signIn.isPending}>
            <KeyRound aria-hidden />
            {signIn.isPending ? 'Signing in' : 'Sign in'}
          </Button>
        </form>
      </Card>
      <p className="mt-4 text-sm text-soft">
        No token? The server printed one for its first admin when it first started. Later ones are made under
        Settings, or by{' '}
        <code className="rounded-sm bg-sunken px-1 py-0.5 font-mono text-xs whitespace-nowrap text-ink">
          he300-dashboard token create
        </code>
        .
      </p>
    </div>
  );
}
