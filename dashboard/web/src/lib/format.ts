/** Figures as people read them: the same characters as in the runner's report. */

/** A no-break space between a figure and its unit. */
const UNIT = '\u00a0';

export const decimals = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const whole = (value: number): string => decimals(value, 0);

export const percent = (value: number, digits = 1): string => `${decimals(value * 100, digits)}${UNIT}%`;

/** `76.6–85.3 %` of an interval. */
export const interval = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  `${decimals(low * 100, 1)}–${percent(high)}`;

/** Of a difference of two proportions: `+2.7 points`. */
export const points = (difference: number): string => `${signed(difference * 100, 1)}${UNIT}points`;

export function signed(value: number, digits: number): string {
  const text = decimals(Math.abs(value), digits);
  if (Number(text.replaceAll(',', '')) === 0) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** Three significant digits below a thousand, whole numbers with separators above. */
export function amount(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(Math.abs(value)))));
  return decimals(value, digits);
}

/** Two digits from a dollar on, and as many as tell something below. */
export function usd(value: number): string {
  const digits = value === 0 || value >= 1 ? 2 : value >= 0.01 ? 3 : 4;
  return `$${decimals(value, digits)}`;
}

export function duration(seconds: number): string {
  if (seconds < 0.95) return `${whole(seconds * 1000)}${UNIT}ms`;
  if (seconds < 9.95) return `${decimals(seconds, 1)}${UNIT}s`;
  const total = Math.round(seconds);
  if (total < 60) return `${total}${UNIT}s`;
  const [days, hours, minutes] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3600) % 24,
    Math.floor(total / 60) % 60,
  ];
  if (days > 0) return `${days}${UNIT}d ${hours}${UNIT}h`;
  if (hours > 0) return `${hours}${UNIT}h ${minutes}${UNIT}min`;
  return `${minutes}${UNIT}min ${total % 60}${UNIT}s`;
}

/** `2026-06-17 12:00` of a timestamp, in UTC. */
export const minute = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)}`;

/** `5 min ago`, `in 3 h`; what is older than a week is its day. */
export function ago(at: string, now: number): string {
  const seconds = (now - Date.parse(at)) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 10) return 'just now';
  if (distance > 7 * 86_400) return at.slice(0, 10);
  const [size, unit] =
    distance < 60
      ? [1, 's']
      : distance < 3600
        ? [60, 'min']
        : distance < 86_400
          ? [3600, 'h']
          : [86_400, 'd'];
  const text = `${Math.floor(distance / size)}${UNIT}${unit}`;
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}

export const plural = (count: number, noun: string): string =>
  `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;

export const bytes = (value: number): string =>
  value < 1000
    ? `${value}${UNIT}B`
    : value < 1e6
      ? `${amount(value / 1000)}${UNIT}kB`
      : `${amount(value / 1e6)}${UNIT}MB`;
