/** What `rotate` did, or would do, in lines for people. */
import type { Standing } from './due';
import type { Plan } from './plan';
import type { Report } from './rotate-all';

const WIDTH = 24;

type Told = Exclude<Report, { did: 'failed' }>;

export const reportLine = (report: Told): string => `${report.what.padEnd(WIDTH)} ${did(report)}`;

function did(report: Told): string {
  if (report.did === 'rotated') return report.resumed ? 'rotated: ended what was begun before' : 'rotated';
  if (report.did === 'waits') return `waits: ${report.step} from ${report.until.toISOString()}`;
  if (report.did === 'told') return `needs a person: ${report.needs}`;
  return standingText(report.standing);
}

function standingText(standing: Standing): string {
  if (standing.is === 'absent') return 'not there';
  if (standing.is === 'fresh')
    return `fresh: ${standing.ageDays} days old, due ${standing.dueAt.toISOString().slice(0, 10)}`;
  if (standing.is === 'due') return `due: ${standing.ageDays} days old`;
  return `unfinished: ${standing.step} from ${standing.from.toISOString()}`;
}

export function planLines({ what, standing, steps, missing }: Plan): string[] {
  return [
    `${what.padEnd(WIDTH)} ${standingText(standing)}`,
    ...steps.map(({ name, title, afterHours = 0 }) => {
      const after = afterHours > 0 ? `, ${afterHours} h after that` : '';
      return `  would ${name}${after}: ${title}`;
    }),
    ...missing.map((name) => `  would fail: ${name} is not set in the environment`),
  ];
}
