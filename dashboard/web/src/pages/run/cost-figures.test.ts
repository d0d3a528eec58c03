import { exampleResults } from '@he300/benchmark/contract/examples';
import { costFigures } from './cost-figures';

const { overall } = exampleResults.score;
const price = { usdPerHour: 1.2, capUsd: 4, timeLimitMinutes: 60 };

it('tells what one right answer cost', () => {
  expect(costFigures({ costUsd: 0.3, price, outcome: overall, results: exampleResults })).toMatchObject({
    spentUsd: 0.3,
    capPart: 0.075,
    usdPerCorrect: 0.3 / 240,
    wattHoursPerCorrect: 40 / 240,
  });
});

it('divides by nothing that is not there', () => {
  const none = { ...overall, correct: 0 };
  expect(costFigures({ costUsd: 0.3, price, outcome: none, results: null }).usdPerCorrect).toBeNull();
  expect(costFigures({ costUsd: null, price: null, outcome: null, results: null })).toEqual({
    spentUsd: null,
    usdPerHour: null,
    capUsd: null,
    capPart: null,
    usdPerCorrect: null,
    wattHours: null,
    wattHoursPerCorrect: null,
  });
});
