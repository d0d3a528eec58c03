/** A window over the page: the rest of it waits, Escape closes it, and the keyboard stays inside. */
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';

export interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description: ReactNode;
  readonly children?: ReactNode;
}

export function Dialog({ open, onOpenChange, title, description, children }: DialogProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-50 bg-[rgb(8_12_20/0.55)]" />
        <Primitive.Content className="fixed top-1/2 left-1/2 z-50 max-h-[90dvh] w-[min(30rem,calc(100vw-2rem))] -translate-1/2 overflow-y-auto rounded-lg border border-line bg-card p-5 shadow-xl outline-none">
          <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>
          <Primitive.Description asChild>
            <div className="mt-1 text-sm text-soft">{description}</div>
          </Primitive.Description>
          <div className="mt-4">{children}</div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export const DialogActions = ({ children }: { readonly children: ReactNode }) => (
  <div className="mt-5 flex justify-end gap-2">{children}</div>
);
