import { radarRows } from './radar-rows';

it('has a spoke for each category that any run has, in the suite’s order', () => {
  const rows = radarRows([
    new Map([
      ['virtue', 0.8],
      ['justice', 0.5],
    ]),
    new Map([['justice', 0]]),
  ]);
  expect(rows).toEqual([
    { name: 'Justice', values: [0.5, 0] },
    { name: 'Virtue', values: [0.8, null] },
  ]);
});
