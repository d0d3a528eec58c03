/** A button, or, with `asChild`, whatever stands inside it in the look of one. */
import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '../lib/cn';

const look = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'border-accent bg-accent text-on-accent enabled:hover:brightness-110',
        secondary: 'border-control/60 bg-card text-ink hover:bg-sunken',
        quiet: 'border-transparent text-soft hover:bg-sunken hover:text-ink',
        danger: 'border-bad/50 bg-card text-bad hover:bg-bad-soft',
      },
      size: { small: 'h-7 px-2 text-sm', medium: 'h-8 px-3 text-sm', icon: 'size-8 p-0' },
    },
    defaultVariants: { variant: 'secondary', size: 'medium' },
  },
);

export type ButtonProps = ComponentProps<'button'> &
  VariantProps<typeof look> & {
    /** @default false */
    readonly asChild?: boolean;
  };

export function Button({
  className,
  variant,
  size,
  asChild = false,
  type = 'button',
  ...props
}: ButtonProps) {
  const classes = cn(look({ variant, size }), className);
  return asChild ? (
    <Slot.Root className={classes} {...props} />
  ) : (
    <button type={type} className={classes} {...props} />
  );
}
