/** A text field that tells what was typed once the typing rests, or on Enter. */
import { useEffect, useRef, useState } from 'react';
import { TextField, type TextFieldProps } from './field';

const REST_MS = 300;

export interface RestingFieldProps extends Omit<TextFieldProps, 'onChange' | 'value'> {
  readonly value: string;
  readonly onRest: (value: string) => void;
}

export function RestingField({ value, onRest, ...field }: RestingFieldProps) {
  const [text, setText] = useState(value);
  const timer = useRef<number | undefined>(undefined);
  // The address may change by other means than this field: a saved filter, or back.
  useEffect(() => setText(value), [value]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const settle = (next: string, afterMs: number) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => next.trim() !== value && onRest(next.trim()), afterMs);
  };
  return (
    <TextField
      {...field}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        settle(event.target.value, REST_MS);
      }}
      onKeyDown={(event) => event.key === 'Enter' && settle(text, 0)}
    />
  );
}
