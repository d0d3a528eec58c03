/** A form control with its label, a hint and an error that belong to it. */
import { ChevronDown } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { cn } from '../lib/cn';

interface FieldProps {
  readonly label: string;
  /** Read out, not shown. @default false */
  readonly hideLabel?: boolean;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly className?: string | undefined;
}

const CONTROL =
  'h-8 w-full rounded-md border border-control bg-card px-2.5 text-sm text-ink placeholder:text-soft aria-invalid:border-bad';

export interface TextFieldProps extends FieldProps, Omit<ComponentProps<'input'>, 'className' | 'id'> {
  /** Of the control itself. */
  readonly inputClassName?: string | undefined;
}

export function TextField({
  label,
  hideLabel,
  hint,
  error,
  className,
  inputClassName,
  ...input
}: TextFieldProps) {
  const id = useId();
  return (
    <Frame {...{ id, label, hideLabel, hint, error, className }}>
      <input id={id} {...describedBy(id, hint, error)} {...input} className={cn(CONTROL, inputClassName)} />
    </Frame>
  );
}

export interface SelectProps
  extends FieldProps, Omit<ComponentProps<'select'>, 'className' | 'id' | 'onChange'> {
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly onValueChange?: (value: string) => void;
}

/** The browser's own: it is at home on every screen and under every keyboard. */
export function Select(props: SelectProps) {
  const { label, hideLabel, hint, error, className, options, onValueChange, ...select } = props;
  const id = useId();
  return (
    <Frame {...{ id, label, hideLabel, hint, error, className }}>
      <span className="relative block">
        <select
          id={id}
          {...describedBy(id, hint, error)}
          {...select}
          onChange={(event) => onValueChange?.(event.target.value)}
          className={cn(CONTROL, 'appearance-none pr-8')}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown aria-hidden className="pointer-events-none absolute top-2 right-2 size-4 text-soft" />
      </span>
    </Frame>
  );
}

function Frame({
  id,
  label,
  hideLabel,
  hint,
  error,
  className,
  children,
}: { readonly [K in keyof FieldProps]: FieldProps[K] | undefined } & {
  readonly id: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={cn('min-w-0', className)}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'mb-1 block text-xs font-medium text-soft'}>
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-xs text-soft">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="mt-1 text-xs text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

function describedBy(id: string, hint: ReactNode, error: string | undefined) {
  const ids = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return { ...(ids && { 'aria-describedby': ids }), ...(error && { 'aria-invalid': true }) };
}
