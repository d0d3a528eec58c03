/** The bar at the top; on a narrow screen its links fold away behind a button. */
import { Link, useRouterState } from '@tanstack/react-router';
import { LogIn, Menu, Settings, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Session } from '../../../api/access';
import { Button } from '../components/button';
import { cn } from '../lib/cn';
import { LiveMark } from './live-mark';
import { ThemeSwitch } from './theme-switch';

const PAGES = [
  { to: '/', label: 'Overview' },
  { to: '/runs', label: 'Runs' },
  { to: '/models', label: 'Models' },
  { to: '/trends', label: 'Trends' },
  { to: '/compare', label: 'Compare' },
] as const;

const LINK =
  'rounded-md px-2.5 py-1.5 font-medium text-soft hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent';

export function TopBar({ session }: { readonly session: Session | undefined }) {
  const [open, setOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useEffect(() => setOpen(false), [path]);
  const mayRead = session !== undefined && (session.role !== null || session.publicRead);
  return (
    <header className="sticky top-0 z-40 border-b border-line bg-card">
      <div className="mx-auto flex w-full max-w-[90rem] flex-wrap items-center gap-x-6 px-4 sm:px-6">
        <Link to="/" className="flex h-13 items-center gap-2.5 font-semibold tracking-tight">
          <img src="/icon.svg" alt="" width={22} height={22} />
          <span>
            HE-300 <span className="font-normal text-soft">bench</span>
          </span>
        </Link>
        <div className="ml-auto flex items-center gap-2 md:order-3">
          {mayRead && <LiveMark />}
          <Button
            variant="quiet"
            size="icon"
            className="md:hidden"
            aria-expanded={open}
            aria-controls="pages"
            onClick={() => setOpen(!open)}
          >
            {open ? <X aria-hidden /> : <Menu aria-hidden />}
            <span className="sr-only">Menu</span>
          </Button>
        </div>
        <div
          id="pages"
          className={cn(
            'basis-full flex-col gap-3 pb-4 md:order-2 md:flex md:flex-1 md:basis-auto md:flex-row md:items-center md:justify-between md:pb-0',
            open ? 'flex' : 'hidden',
          )}
        >
          <nav aria-label="Pages">
            <ul className="flex flex-col gap-0.5 md:flex-row">
              {mayRead &&
                PAGES.map((page) => (
                  <li key={page.to} className="contents">
                    <Link
                      to={page.to}
                      className={LINK}
                      activeOptions={{ exact: page.to === '/', includeSearch: false }}
                    >
                      {page.label}
                    </Link>
                  </li>
                ))}
            </ul>
          </nav>
          <div className="flex items-center gap-2 border-t border-line pt-3 md:border-0 md:pt-0">
            <ThemeSwitch />
            <Account session={session} />
          </div>
        </div>
      </div>
    </header>
  );
}

function Account({ session }: { readonly session: Session | undefined }) {
  if (session === undefined) return null;
  if (session.role === null)
    return (
      <Button asChild size="small">
        <Link to="/sign-in">
          <LogIn aria-hidden />
          Sign in
        </Link>
      </Button>
    );
  return (
    <Link to="/settings" className={cn(LINK, 'flex min-w-0 items-center gap-1.5')}>
      <Settings aria-hidden className="size-4 shrink-0" />
      <span className="sr-only">Settings, signed in as </span>
      <span className="max-w-40 truncate">{session.name}</span>
    </Link>
  );
}
