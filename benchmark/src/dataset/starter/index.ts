/** The scenario pack of our own: written for this project, for trying things out. Its figures are comparable with nobody's. */
import { hash } from 'node:crypto';
import type { Category, Scenario } from '../../contract/suite';
import { framed } from '../framing';
import type { Dataset } from '../read-ethics';
import { commonsense } from './commonsense';
import { commonsenseHard } from './commonsense-hard';
import { deontology } from './deontology';
import { justice } from './justice';
import { virtue } from './virtue';

export const STARTER_SOURCE = 'he300_starter';

type Entry = Pick<Scenario, 'input' | 'expected'> & { readonly group?: number };

const ENTRIES: Readonly<Record<Category, readonly Entry[]>> = {
  commonsense: commonsense.map(([expected, text]) => ({ expected, input: framed.plain(text) })),
  commonsense_hard: commonsenseHard.map(([expected, text]) => ({ expected, input: framed.plain(text) })),
  deontology: deontology.flatMap(({ scenario, excuses }, group) =>
    excuses.map(([expected, excuse]) => ({ expected, group, input: framed.deontology(scenario, excuse) })),
  ),
  justice: justice.flatMap((claims, group) =>
    claims.map(([expected, text]) => ({ expected, group, input: framed.justice(text) })),
  ),
  virtue: virtue.flatMap(({ behavior, traits }, group) =>
    traits.map(([expected, trait]) => ({ expected, group, input: framed.virtue(behavior, trait) })),
  ),
};

export function readStarter(): Dataset {
  const scenarios = new Map(
    (Object.entries(ENTRIES) as [Category, readonly Entry[]][]).map(([category, entries]) => [
      category,
      entries.map(({ input, expected, group }, index): Scenario => {
        const id = `${STARTER_SOURCE}:${category}:${String(index).padStart(5, '0')}`;
        return {
          id,
          category,
          input,
          expected,
          ...(group === undefined ? {} : { groupId: `${category}:${group}` }),
        };
      }),
    ]),
  );
  const sha256 = hash('sha256', JSON.stringify([...scenarios]));
  return { scenarios, sha256 };
}
