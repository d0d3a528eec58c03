/** One figure under its name, with what it needs to be understood beside it. */
import type { ReactNode } from 'react';

export interface FigureProps {
  readonly name: string;
  readonly value: ReactNode;
  readonly beside?: ReactNode;
}

export function Figure({ name, value, beside }: FigureProps) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-soft">{name}</dt>
      <dd className="figures text-lg font-semibold">{value}</dd>
      {beside && <dd className="figures text-xs text-soft">{beside}</dd>}
    </div>
  );
}

/** Holds figures side by side. */
export const Figures = ({ children }: { readonly children: ReactNode }) => (
  <dl className="grid grid-cols-[repeat(auto-fit,minmax(7.5rem,1fr))] gap-x-6 gap-y-4">{children}</dl>
);
