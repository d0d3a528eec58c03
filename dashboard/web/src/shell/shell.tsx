/** What stands round every page: the way there, who is signed in, whether the page is live. */
import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useLiveUpdates } from '../lib/live';
import { sessionQuery } from '../lib/queries';
import { TopBar } from './top-bar';

export function Shell() {
  const { data: session } = useQuery(sessionQuery);
  useLiveUpdates(session !== undefined && (session.role !== null || session.publicRead));
  const main = useFocusAfterNavigation();
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="absolute top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-2 font-medium text-on-accent focus:translate-y-0"
      >
        Skip to the page
      </a>
      <TopBar session={session} />
      <main
        id="main"
        ref={main}
        tabIndex={-1}
        className="mx-auto w-full max-w-[90rem] min-w-0 flex-1 px-4 pt-6 pb-16 outline-none sm:px-6"
      >
        <Outlet />
      </main>
    </div>
  );
}

/** Who goes to another page by keyboard or screen reader starts at its beginning, as after a real load. */
function useFocusAfterNavigation() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (before.current !== undefined && before.current !== path) main.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  return main;
}
