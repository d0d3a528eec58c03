/** Draws the sample of a run. */
import { hash } from 'node:crypto';
import { CATEGORIES, type Scenario, type Suite } from '../contract/suite';
import type { ScenariosByCategory } from '../dataset/read-ethics';
import { PythonRandom } from './python-random';
import { SPECS } from './specs';

/**
 * As the reference implementation draws: each category in its order with one generator, then all of it shuffled.
 * The starter pack is taken whole and only shuffled.
 */
export function drawSample(scenarios: ScenariosByCategory, spec: Suite['spec'], seed: number): Scenario[] {
  const random = new PythonRandom(seed);
  const drawn = CATEGORIES.flatMap((category) => {
    const all = scenarios.get(category) ?? [];
    return spec === 'starter' ? all : random.sample(all, SPECS[spec][category]);
  });
  random.shuffle(drawn);
  return drawn;
}

/** Identity of a sample: the ids in order, joined by line feeds. Two runs compare only when these are equal. */
export const sampleSha256 = (sample: readonly Pick<Scenario, 'id'>[]): string =>
  hash('sha256', sample.map(({ id }) => id).join('\n'));
