/** Whether what is on the screen follows what happens. */
import { useLiveStatus, type LiveStatus } from '../lib/live';

const WORDS: Readonly<Record<LiveStatus, { readonly text: string; readonly title: string }>> = {
  off: { text: '', title: '' },
  connecting: { text: 'Connecting', title: 'The page will follow what happens' },
  live: { text: 'Live', title: 'The page follows what happens' },
  broken: { text: 'Reconnecting', title: 'The connection is lost; what you see may be old' },
};

export function LiveMark() {
  const status = useLiveStatus();
  const { text, title } = WORDS[status];
  return (
    <span
      role="status"
      title={title}
      className="inline-flex items-center gap-1.5 text-xs font-medium text-soft"
    >
      {text && (
        <span
          aria-hidden
          className={
            status === 'live'
              ? 'size-2 rounded-full bg-good'
              : 'size-2 animate-beat rounded-full border-2 border-warn bg-transparent'
          }
        />
      )}
      {text}
    </span>
  );
}
