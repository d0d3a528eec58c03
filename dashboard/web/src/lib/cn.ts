/** Class names joined; of two Tailwind classes that set the same thing, the later stands. */
import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

const merge = extendTailwindMerge({});

export const cn = (...classes: ClassValue[]): string => merge(clsx(classes));
