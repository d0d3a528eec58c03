/** What is printed: a line for each figure, with its goal and whether it is met. */

let missed = 0;

export const heading = (text: string): void => console.log(`\n${text}`);

export function figure(
  what: string,
  value: string,
  goal?: { readonly says: string; readonly met: boolean },
): void {
  if (goal && !goal.met) missed++;
  const judged = goal ? `goal ${goal.says}: ${goal.met ? 'met' : 'NOT MET'}` : '';
  console.log(`${what.padEnd(46)}${value.padStart(20)}   ${judged}`.trimEnd());
}

/** Of a ratio that should be large, or small. */
export const atLeast = (value: number, least: number) => ({ says: `>= ${least}`, met: value >= least });
export const atMost = (value: number, most: number) => ({ says: `<= ${most}`, met: value <= most });

export const times = (value: number): string => `${value.toFixed(1)} x`;
export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

export const missedGoals = (): number => missed;
