import { timeline } from './timeline';

const at = (seconds: number) => new Date(Date.UTC(2026, 5, 17, 12) + seconds * 1000).toISOString();
const phase = (name: 'preflight' | 'run' | 'report', from: number, to: number | null) => ({
  phase: name,
  from: at(from),
  to: to === null ? null : at(to),
});

it('places each phase as a part of the whole time', () => {
  const { rows, seconds } = timeline([phase('preflight', 0, 10), phase('run', 10, 100)], Date.parse(at(500)));
  expect(seconds).toBe(100);
  expect(rows.map(({ phase, bars }) => [phase, bars[0]!.left, bars[0]!.width])).toEqual([
    ['preflight', 0, 0.1],
    ['run', 0.1, 0.9],
  ]);
});

it('lets a phase that goes on end now', () => {
  const { rows } = timeline([phase('preflight', 0, 10), phase('run', 10, null)], Date.parse(at(40)));
  expect(rows[1]).toMatchObject({ seconds: 30, bars: [{ left: 0.25, width: 0.75, to: null }] });
});

it('keeps the parts of a phase that a second host went through again in one row', () => {
  const phases = [phase('run', 0, 40), phase('preflight', 60, 70), phase('run', 70, 100)];
  const { rows } = timeline(phases, Date.parse(at(100)));
  expect(rows.map(({ phase, seconds }) => [phase, seconds])).toEqual([
    ['run', 70],
    ['preflight', 10],
  ]);
  expect(rows[0]!.bars.map(({ left }) => left)).toEqual([0, 0.7]);
});

it('bears a host whose clock is ahead of this one, and phases without length', () => {
  expect(timeline([phase('run', 100, null)], Date.parse(at(0)))).toMatchObject({
    seconds: 0,
    rows: [{ bars: [{ left: 0, width: 1, seconds: 0 }] }],
  });
  expect(timeline([], 0)).toEqual({ rows: [], seconds: 0 });
});
