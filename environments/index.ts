/** The environments there are. To add one: write `environments/<name>.ts` and name it here. */
import type { z } from 'zod';
import { checkEnvironment, EnvironmentError } from './check';
import { dev } from './dev';
import { local } from './local';
import { prod } from './prod';
import type { Environment, environmentFields } from './schema';
import { staging } from './staging';

export type EnvironmentInput = z.input<typeof environmentFields>;

const inputs: Readonly<Record<string, EnvironmentInput>> = { local, dev, staging, prod };

export const environmentNames: readonly string[] = Object.keys(inputs);

/**
 * The checked environment of that name.
 * @throws EnvironmentError when it is unknown (the message lists the known ones) or when a value is wrong
 */
export function loadEnvironment(name: string): Environment {
  const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  if (!input)
    throw new EnvironmentError(`unknown environment: '${name}'; allowed: ${environmentNames.join(', ')}`);
  return checkEnvironment(`environments/${name}.ts`, input);
}
