/** A hash, digest or key: its beginning, the whole of it to copy. */
import { CopyButton } from './copy-button';

export interface HashProps {
  readonly value: string;
  /** @default 12 */
  readonly characters?: number;
  /** What it is of, for the button's name. @default 'hash' */
  readonly name?: string;
}

export function Hash({ value, characters = 12, name = 'hash' }: HashProps) {
  const bare = value.replace(/^sha256:/, '');
  return (
    <span className="inline-flex items-center gap-0.5">
      <code className="font-mono text-xs" title={value}>
        {bare.slice(0, characters)}
        {bare.length > characters && '…'}
      </code>
      <CopyButton value={value} name={name} />
    </span>
  );
}
