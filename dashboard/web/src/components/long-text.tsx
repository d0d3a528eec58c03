/** A text of any length: what is long is cut off at a height, until somebody wants all of it. */
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { cn } from '../lib/cn';
import { Button } from './button';

export interface LongTextProps {
  readonly className?: string;
  readonly children: ReactNode;
}

export function LongText({ className, children }: LongTextProps) {
  const ref = useRef<HTMLParagraphElement>(null);
  const [open, setOpen] = useState(false);
  const [isLong, setIsLong] = useState(false);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || open) return;
    const observer = new ResizeObserver(() => setIsLong(element.scrollHeight > element.clientHeight + 1));
    observer.observe(element);
    return () => observer.disconnect();
  }, [open, children]);
  return (
    <div>
      <p
        ref={ref}
        className={cn(
          'whitespace-pre-wrap',
          !open && 'max-h-56 overflow-hidden',
          !open && isLong && 'mask-b-from-75%',
          className,
        )}
      >
        {children}
      </p>
      {isLong && (
        <Button
          size="small"
          variant="quiet"
          aria-expanded={open}
          className="-ml-2"
          onClick={() => setOpen(!open)}
        >
          {open ? 'Show less' : 'Show all'}
        </Button>
      )}
    </div>
  );
}
