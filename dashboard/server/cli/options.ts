/** Values of options and arguments, checked by the schemas of the API. */
import { InvalidArgumentError } from 'commander';
import type * as z from 'zod';

/** For `argParser` and arguments: what does not validate is refused with the schema's own words. */
export const checkedBy =
  <T extends z.ZodType>(schema: T) =>
  (text: string): z.output<T> => {
    const { success, data, error } = schema.safeParse(text);
    if (success) return data;
    throw new InvalidArgumentError(`allowed: ${error.issues[0]!.message}`);
  };

export function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`allowed: an integer from ${min} to ${max}`);
  };
}
