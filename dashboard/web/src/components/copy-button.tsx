/** Copies a text, and says that it did. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button';

export interface CopyButtonProps {
  readonly value: string;
  /** What is copied, such as `SHA-256`. */
  readonly name: string;
  /** Writes it out beside the icon. @default false */
  readonly withText?: boolean;
}

export function CopyButton({ value, name, withText = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = window.setTimeout(() => setCopied(false), 1500);
    return () => window.clearTimeout(timer);
  }, [copied]);
  const copy = () => void navigator.clipboard?.writeText(value).then(() => setCopied(true));
  const Icon = copied ? Check : Copy;
  return (
    <Button
      variant={withText ? 'secondary' : 'quiet'}
      size={withText ? 'medium' : 'icon'}
      className={withText ? undefined : 'size-6 [&_svg]:size-3.5'}
      onClick={copy}
    >
      <Icon aria-hidden />
      <span role="status" className={withText ? undefined : 'sr-only'}>
        {copied ? `Copied ${name}` : `Copy ${name}`}
      </span>
    </Button>
  );
}
