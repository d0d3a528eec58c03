/** Something could not be had: the server's own words, and a way to try again. */
import { Link } from '@tanstack/react-router';
import { CircleAlert, RotateCw } from 'lucide-react';
import { ApiError } from '../lib/api';
import { Button } from './button';

export interface ErrorStateProps {
  readonly error: unknown;
  /** @default - cannot be tried again */
  readonly retry?: () => void;
}

export function ErrorState({ error, retry }: ErrorStateProps) {
  const { title, text, signIn } = explained(error);
  return (
    <div role="alert" className="flex flex-col items-center gap-1 px-4 py-10 text-center">
      <CircleAlert aria-hidden className="mb-1 size-6 text-bad" strokeWidth={1.5} />
      <p className="font-medium">{title}</p>
      <p className="max-w-[60ch] text-sm text-soft">{text}</p>
      <div className="mt-3 flex gap-2">
        {signIn && (
          <Button asChild variant="primary">
            <Link to="/sign-in">Sign in</Link>
          </Button>
        )}
        {retry && (
          <Button onClick={retry}>
            <RotateCw aria-hidden />
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

function explained(error: unknown): { title: string; text: string; signIn?: boolean } {
  if (!(error instanceof ApiError))
    return { title: 'This page failed', text: error instanceof Error ? error.message : String(error) };
  const text = error.message;
  if (error.status === 0)
    return { title: 'The server cannot be reached', text: 'Is it running, and is your network up?' };
  if (error.status === 401) return { title: 'You are not signed in', text, signIn: true };
  if (error.status === 403) return { title: 'Your token may not see this', text, signIn: true };
  if (error.status === 404) return { title: 'There is no such thing here', text };
  if (error.status === 429) return { title: 'Too many requests', text: 'Wait a moment, then try again.' };
  if (error.status >= 500) return { title: 'The server failed', text };
  return { title: 'The server refused this', text };
}
