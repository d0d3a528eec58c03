/** Numbers as people read them. The same value gives the same characters on every machine. */
import type { Interval } from '../statistics/wilson';

export const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;

export const range = ({ low, high }: Interval): string => `${percent(low)} to ${percent(high)}`;

/** Three significant digits below a thousand, whole numbers with separators above. */
export function amount(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(Math.abs(value)))));
  return decimals(value, digits);
}

export const decimals = (value: number, digits: number): string =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const whole = (value: number): string => decimals(value, 0);

/** Milliseconds, without the unit. */
export const ms = (value: number): string => (value < 10 ? decimals(value, 1) : whole(value));

/** For the ticks of an axis, which are round already. */
export const tickText = (value: number): string => value.toLocaleString('en-US');

export const usd = (value: number, digits = 2): string => `$${decimals(value, digits)}`;

export function duration(seconds: number): string {
  if (seconds < 60) return `${decimals(seconds, 1)} s`;
  const total = Math.round(seconds);
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor(total / 60) % 60];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${total % 60} s`;
}

/** `2026-06-17 12:00 UTC` of a timestamp. */
export const minute = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

export const plural = (count: number, noun: string): string =>
  `${whole(count)} ${noun}${count === 1 ? '' : 's'}`;
